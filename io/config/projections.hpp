#pragma once
#include <vector>

#include "io/config/populations.hpp"

namespace ranvier {

/// Reads the list of projections; each pair of a source and a target becomes one entry.
std::vector<ProjectionConfig> read_projections(Context&, const YamlNode&, const Populations&);

/// Reads the list of inputs; each target becomes one entry.
std::vector<InputConfig> read_inputs(Context&, const YamlNode&, const Populations&);

}  // namespace ranvier
