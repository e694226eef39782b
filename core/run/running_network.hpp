#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "comm/exchange/spike_exchange.hpp"
#include "comm/mpi/communicator.hpp"
#include "core/build/node_selections.hpp"
#include "core/build/partition.hpp"
#include "core/restart/checkpoint.hpp"
#include "core/session/session.hpp"
#include "io/network/config.hpp"
#include "kernels/engine/engine.hpp"

namespace ranvier {

/// Where a network runs, and how its spikes travel.
struct Placement {
  bool on_gpu = false;
  ExchangeKind exchange = ExchangeKind::automatic;
};

/// One rank's part of a network, ready to run.
struct RunningNetwork {
  Layout layout;
  Ports ports;  ///< receptors by population
  std::unique_ptr<Engine> engine;
  std::unique_ptr<SpikeExchange> exchange;
  bool has_signals = false;
  std::uint64_t synapses = 0;  ///< onto this rank's neurons
  std::vector<std::string> warnings;
};

/// Places the neurons, connects them, and hands them to the device. Collective. `session` must outlive the result. Throws
/// UsageError for a config that only the build can see to be wrong, RuntimeError for files and memory.
RunningNetwork build_network(const Config& config, const Session& session, const Partition& partition,
                             const NodeSelections& nodes, const Communicator& comm, const Placement& placement);

}  // namespace ranvier
