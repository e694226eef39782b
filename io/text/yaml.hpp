#pragma once
#include <string>

#include "io/text/yaml_node.hpp"

namespace ranvier {

/// Reads one YAML document, strictly: no aliases, anchors, tags, merge keys, duplicate keys or further documents, UTF-8
/// without control characters, at most 4 MB. What is wrong is added to `errors`; the tree is then as far as it came.
/// `source` goes into the places of the nodes.
YamlNode parse_yaml(const std::string& text, int source, Errors& errors);

/// Largest config that is read, in bytes.
inline constexpr std::size_t largest_config = 4'000'000;

}  // namespace ranvier
