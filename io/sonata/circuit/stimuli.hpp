#pragma once
#include <string>

#include "io/sonata/circuit/node_sets.hpp"

namespace ranvier::sonata {

/// Reads `inputs`: spikes of virtual nodes go into `network`, currents come back as lines of the YAML section `inputs`.
/// What is not supported is a mistake, by its name.
std::string read_stimuli(JsonFiles&, FileFacts&, NodeSets&, Network& network);

/// Reads `reports` into lines of the YAML list `traces`. `folder` is that of the results.
std::string read_reports(JsonFiles&, NodeSets&, double tstop_ms, const std::string& folder);

}  // namespace ranvier::sonata
