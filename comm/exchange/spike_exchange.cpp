#include "comm/exchange/spike_exchange.hpp"

#include "comm/exchange/exchanges.hpp"
#include "core/base/error.hpp"

namespace ranvier {
namespace {

/// Above so many peers a single collective beats a message to each.
constexpr std::uint64_t many_peers = 32;

ExchangeKind choose(const Communicator& comm, const Routing& routing) {
  if (comm.size() == 1) return ExchangeKind::local;
  const std::uint64_t peers = routing.peers.size();
  const auto most = comm.max(peers), all = comm.sum(peers);
  const auto ranks = static_cast<std::uint64_t>(comm.size());
  const bool nearly_all = all * 4 > 3 * ranks * (ranks - 1);
  return most > many_peers && nearly_all ? ExchangeKind::all_to_all : ExchangeKind::neighbours;
}

}  // namespace

std::unique_ptr<SpikeExchange> make_exchange(const Communicator& comm, Routing routing, ExchangeKind kind) {
  if (kind == ExchangeKind::nccl) {
    if (auto exchange = make_nccl_exchange(comm, routing)) return exchange;
    kind = ExchangeKind::automatic;
  }
  if (kind == ExchangeKind::automatic) kind = choose(comm, routing);
  switch (kind) {
    case ExchangeKind::local:
      if (comm.size() != 1) throw RuntimeError("the local exchange serves one rank only");
      return make_local_exchange(std::move(routing));
    case ExchangeKind::all_to_all: return make_all_to_all_exchange(comm, std::move(routing));
    default: return make_neighbour_exchange(comm, std::move(routing));
  }
}

}  // namespace ranvier
