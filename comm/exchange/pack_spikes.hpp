#pragma once
#include <cstdint>

#include "comm/exchange/routing.hpp"
#include "core/base/spike_list.hpp"

namespace ranvier {

/// A rank's routing in device memory, and where the messages to its peers are put together.
struct PackTables {
  const std::uint64_t* begin = nullptr;       ///< local neurons + 1, as in Routing
  const Destination* destinations = nullptr;  ///< as in Routing
  const std::uint32_t* first = nullptr;       ///< by peer: where its message begins
  const std::uint32_t* capacity = nullptr;    ///< by peer: spikes that its message has room for
  Spike* messages = nullptr;
  std::uint32_t* counts = nullptr;  ///< by peer: spikes for it, also those without room; zero before
};

/// Queues, in the stream of the list, the sorting of spikes on the device by receiver. What has no room is counted only. The order
/// within a message is any. The list is marked as taken.
void pack_spikes(const SpikeList& emitted, const PackTables& tables);

}  // namespace ranvier
