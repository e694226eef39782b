#include "comm/exchange/spike_exchange.hpp"

#include "comm/exchange/exchanges.hpp"
#include "core/base/error.hpp"

namespace ranvier {
namespace {

/// Above so many peers a single collective beats a message to each.
constexpr std::uint64_t many_peers = 32;

ExchangeKind choose_over_mpi(const Communicator& comm, const Routing& routing) {
  const std::uint64_t peers = routing.peers.size();
  const auto most = comm.max(peers), all = comm.sum(peers);
  const auto ranks = static_cast<std::uint64_t>(comm.size());
  const bool nearly_all = all * 4 > 3 * ranks * (ranks - 1);
  return most > many_peers && nearly_all ? ExchangeKind::all_to_all : ExchangeKind::neighbours;
}

}  // namespace

std::unique_ptr<SpikeExchange> make_exchange(const Communicator& comm, Routing routing, MemorySpace spikes,
                                             ExchangeKind kind) {
  if (kind == ExchangeKind::nccl || (kind == ExchangeKind::automatic && comm.size() > 1)) {
    const std::string objection = why_no_nccl(comm, spikes);
    if (objection.empty() && comm.size() > 1) return make_nccl_exchange(comm, routing);
    if (!objection.empty() && kind == ExchangeKind::nccl)
      throw UsageError("--exchange nccl: " + objection + "; use --exchange mpi");
  }
  // Nobody to talk to.
  if (comm.size() == 1 && (kind == ExchangeKind::automatic || kind == ExchangeKind::nccl))
    return spikes == MemorySpace::device ? make_local_device_exchange(routing)
                                         : make_local_exchange(std::move(routing));
  if (kind == ExchangeKind::automatic || kind == ExchangeKind::mpi) kind = choose_over_mpi(comm, routing);
  return kind == ExchangeKind::all_to_all ? make_all_to_all_exchange(comm, std::move(routing))
                                          : make_neighbour_exchange(comm, std::move(routing));
}

}  // namespace ranvier
