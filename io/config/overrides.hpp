#pragma once
#include <string>
#include <vector>

#include "io/config/context.hpp"

namespace ranvier {

/// Writes the values of --set "path.to.key=value" into the tree. Steps of a path are keys, or positions in a list from
/// 0. Maps on the way are made where they are missing; variables and populations must exist. A value is YAML.
/// The k-th assignment (from 1) is the source k of its places.
void apply_overrides(YamlNode& root, const std::vector<std::string>& set, Errors&);

}  // namespace ranvier
