#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/base/ids.hpp"

/// Who must hear of whom: built once, from what every rank needs.
namespace ranvier {

inline constexpr std::uint32_t no_slot = std::numeric_limits<std::uint32_t>::max();

/// Where a neuron lives.
struct Owner {
  Rank rank;
  LocalIndex index;
};
using OwnerOf = std::function<Owner(GlobalId)>;

/// Another rank that holds targets of a neuron, and the source slot of the neuron there.
struct Destination {
  std::uint32_t peer = 0;  ///< index into Routing::peers
  std::uint32_t slot = 0;
  friend constexpr bool operator==(const Destination&, const Destination&) = default;
};

/// One rank's part of the table. Its size is that of its own neurons and the pairs (neuron, rank with targets).
struct Routing {
  std::vector<std::uint32_t> self_slot;  ///< by local neuron: its source slot on this rank, no_slot if it has none
  std::vector<std::uint64_t> begin;      ///< local neurons + 1: its destinations are [begin[i], begin[i + 1])
  std::vector<Destination> destinations;
  /// Ranks that this one sends to or hears from, ascending, without itself. If r lists s then s lists r: both always
  /// talk, so that neither can run ahead of the other.
  std::vector<int> peers;
  std::uint32_t slots = 0;  ///< number of source slots of this rank

  std::uint32_t neurons() const { return static_cast<std::uint32_t>(self_slot.size()); }
  std::span<const Destination> of(std::uint32_t neuron) const {
    return std::span(destinations).subspan(begin[neuron], begin[neuron + 1] - begin[neuron]);
  }
  /// What bytes() is on a rank with so many neurons and destinations of them, but for the peers.
  static double bytes_for(double neurons, double destinations) {
    return neurons * (sizeof(std::uint32_t) + sizeof(std::uint64_t)) + destinations * sizeof(Destination);
  }
  std::uint64_t bytes() const {
    return self_slot.capacity() * sizeof(std::uint32_t) + begin.capacity() * sizeof(std::uint64_t) +
           destinations.capacity() * sizeof(Destination) + peers.capacity() * sizeof(int);
  }
};

/// Collective. `sources`: the global ids whose spikes this rank needs, strictly ascending; the position is the slot.
/// `neurons`: how many neurons this rank owns.
Routing build_routing(const Communicator& comm, std::span<const GlobalId> sources, std::uint32_t neurons,
                      const OwnerOf& owner);

}  // namespace ranvier
