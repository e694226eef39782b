#include "comm/exchange/routing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

/// "The neuron `local` of yours is my source `slot`."
struct Request {
  std::uint32_t local = 0, slot = 0;
};

struct Requests {
  std::vector<Request> values;        ///< by rank asked
  std::vector<std::uint64_t> counts;  ///< per rank
};

Requests collect(std::span<const GlobalId> sources, int ranks, const OwnerOf& owner) {
  if (sources.size() >= no_slot)
    throw RuntimeError(fmt::format("{} sources on one rank (at most 2^32 - 2); use more ranks", sources.size()));
  Requests requests;
  requests.counts.assign(static_cast<std::size_t>(ranks), 0);
  std::vector<Owner> owners(sources.size());
  for (std::size_t slot = 0; slot < sources.size(); ++slot) {
    if (slot > 0 && !(sources[slot - 1] < sources[slot]))
      throw RuntimeError(fmt::format("sources are not ascending at slot {} (id {})", slot, sources[slot].value));
    owners[slot] = owner(sources[slot]);
    ++requests.counts[static_cast<std::size_t>(owners[slot].rank.value)];
  }
  std::vector<std::uint64_t> next(requests.counts.size(), 0);
  std::exclusive_scan(requests.counts.begin(), requests.counts.end(), next.begin(), std::uint64_t{0});
  requests.values.resize(sources.size());
  for (std::size_t slot = 0; slot < sources.size(); ++slot)
    requests.values[next[static_cast<std::size_t>(owners[slot].rank.value)]++] = {owners[slot].index.value,
                                                                                  static_cast<std::uint32_t>(slot)};
  return requests;
}

/// Builds the table of `rank` from what it asks of others and what others ask of it.
Routing assemble(int rank, std::uint32_t neurons, std::uint32_t slots, std::span<const std::uint64_t> asked_counts,
                 const Requests& received) {
  Routing routing;
  routing.slots = slots;
  routing.self_slot.assign(neurons, no_slot);
  routing.begin.assign(neurons + std::size_t{1}, 0);

  std::vector<std::uint32_t> peer_of(received.counts.size(), 0);
  for (std::size_t r = 0; r < received.counts.size(); ++r) {
    if (static_cast<int>(r) == rank || (received.counts[r] == 0 && asked_counts[r] == 0)) continue;
    peer_of[r] = static_cast<std::uint32_t>(routing.peers.size());
    routing.peers.push_back(static_cast<int>(r));
  }

  // A counting sort by neuron; requests come by rank, so each neuron's destinations are in the order of ranks.
  const auto visit = [&](auto&& other, auto&& own) {
    const Request* request = received.values.data();
    for (std::size_t r = 0; r < received.counts.size(); ++r)
      for (std::uint64_t i = 0; i < received.counts[r]; ++i, ++request)
        static_cast<int>(r) == rank ? own(*request) : other(*request, peer_of[r]);
  };
  visit(
      [&](const Request& request, std::uint32_t) {
        if (request.local >= neurons)
          throw RuntimeError(
              fmt::format("neuron {} was requested from a rank with {} neurons", request.local, neurons));
        ++routing.begin[request.local + 1];
      },
      [&](const Request& request) { routing.self_slot.at(request.local) = request.slot; });
  std::partial_sum(routing.begin.begin(), routing.begin.end(), routing.begin.begin());
  routing.destinations.resize(routing.begin.back());
  std::vector<std::uint64_t> next(routing.begin.begin(), routing.begin.end() - 1);
  visit(
      [&](const Request& request, std::uint32_t peer) {
        routing.destinations[next[request.local]++] = {peer, request.slot};
      },
      [](const Request&) {});
  return routing;
}

}  // namespace

Routing build_routing(const Communicator& comm, std::span<const GlobalId> sources, std::uint32_t neurons,
                      const OwnerOf& owner) {
  Requests asked, received;
  comm.together([&] { asked = collect(sources, comm.size(), owner); });
  auto arrived = comm.all_to_all<Request>(asked.values, asked.counts);
  received.values = std::move(arrived.values);
  received.counts = std::move(arrived.counts);
  Routing routing;
  comm.together([&] {
    routing = assemble(comm.rank().value, neurons, static_cast<std::uint32_t>(sources.size()), asked.counts, received);
  });
  return routing;
}

}  // namespace ranvier
