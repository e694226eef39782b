#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue/catalogue.hpp"
#include "io/config/context.hpp"
#include "io/config/grammar.hpp"

namespace ranvier {

/// The spellings of a distribution by its name; empty where the name is unknown.
std::vector<const grammar::Spelling*> spellings_of(std::string_view name);
/// All names of distributions, each once.
std::vector<std::string> distribution_names();

/// Reads {name: {arguments}}; on a mistake reports it and returns nothing.
std::optional<Distribution> read_distribution(Context&, const YamlNode::Entry&, const Expected&);

}  // namespace ranvier
