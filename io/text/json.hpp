#pragma once
#include <string>

#include "io/text/yaml_node.hpp"

namespace ranvier::sonata {

/// Reads a JSON document, strictly (RFC 8259): no comments, no duplicate keys, nothing after the end, UTF-8, at most 64 MB,
/// 32 deep, and 4 million values. The tree is that of a config: numbers, true and false are scalars without quotes.
/// Throws UsageError "file:line:column: what".
YamlNode parse_json(const std::string& text, const std::string& file);

/// Largest JSON file that is read, in bytes.
inline constexpr std::size_t largest_json = 64'000'000;

}  // namespace ranvier::sonata
