#pragma once
#include <cstdint>
#include <vector>

#include "io/network/config.hpp"

namespace ranvier {

/// Which nodes of a SONATA population are of the types of a NodesConfig, as far as part `part` of `parts` of the file
/// tells: bit i % 64 of word i / 64 is set for node i. The parts set different bits, so that the sum over all parts is the
/// whole selection (IdSet). Read in a child process (io/files/guard.hpp), in which a damaged file does no harm. UsageError where
/// the ids of the file are not 0 to `size` - 1; RuntimeError where it cannot be read.
std::vector<std::uint64_t> selected_nodes(const NodesConfig& nodes, int part, int parts);

}  // namespace ranvier
