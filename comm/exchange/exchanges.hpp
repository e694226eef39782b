#pragma once
#include <string>
#include <utility>
#include <vector>

#include "comm/exchange/spike_exchange.hpp"

/// The implementations behind make_exchange. Private to this folder.
namespace ranvier {

/// One rank, spikes in host memory or on its device.
std::unique_ptr<SpikeExchange> make_local_exchange(Routing routing);
std::unique_ptr<SpikeExchange> make_local_device_exchange(const Routing& routing);

/// Keeps memory that MPI may still use when its owner goes, to the end of the process.
template <class T>
void leave_behind(T buffer) {
  static std::vector<T> kept;
  kept.push_back(std::move(buffer));
}

/// Collective.
std::unique_ptr<SpikeExchange> make_neighbour_exchange(const Communicator& comm, Routing routing);
/// Collective.
std::unique_ptr<SpikeExchange> make_all_to_all_exchange(const Communicator& comm, Routing routing);
/// Collective. Why NCCL cannot serve these ranks, whose spikes are made in memory `spikes`; empty where it can.
std::string why_no_nccl(const Communicator& comm, MemorySpace spikes);
/// Collective; where why_no_nccl() has no objection.
std::unique_ptr<SpikeExchange> make_nccl_exchange(const Communicator& comm, const Routing& routing);

}  // namespace ranvier
