#pragma once
#include <utility>
#include <vector>

#include "comm/exchange/spike_exchange.hpp"

/// The implementations behind make_exchange. Private to this folder.
namespace ranvier {

std::unique_ptr<SpikeExchange> make_local_exchange(Routing routing);
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
/// Collective. Null on all ranks where NCCL cannot serve them: not built in, no GPU, or a GPU with two ranks.
std::unique_ptr<SpikeExchange> make_nccl_exchange(const Communicator& comm, Routing& routing);

}  // namespace ranvier
