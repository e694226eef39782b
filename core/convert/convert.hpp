#pragma once
#include <cstdint>
#include <string>

#include "comm/mpi/communicator.hpp"
#include "core/session/session.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// What a network became.
struct ConvertedNetwork {
  std::uint64_t neurons = 0, synapses = 0;
  std::uint64_t nodes_bytes = 0, edges_bytes = 0;  ///< sizes of files
  /// Why there is no simulation_config.json: what SONATA has no words for. Empty where there is one.
  std::string not_in_sonata;
};

/// Collective. Connects the network and writes it as a SONATA circuit into `folder`: nodes.h5, edges.h5, their types,
/// circuit_config.json, and network.yaml, which runs to the same spikes and traces to the bit. One projection at a time is
/// in memory, and of it the synapses onto this rank's neurons. Files get their names when all of them are complete.
/// UsageError for a network that cannot be built, RuntimeError for files, the same on all ranks.
ConvertedNetwork convert_network(const Config& config, const std::string& folder, const Session& session,
                                 const Communicator& comm);

}  // namespace ranvier
