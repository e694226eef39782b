#pragma once
#include <compare>
#include <cstdint>

/// Strong integer types, so that a rank cannot index a neuron.
namespace ranvier {

template <class Tag, class Rep>
struct Id {
  using rep = Rep;
  Rep value{};

  constexpr Id() = default;
  constexpr explicit Id(Rep v) : value(v) {}
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

/// Neuron of the whole network: populations in the order of the config, neurons in order within each.
using GlobalId = Id<struct GlobalTag, std::uint64_t>;
/// Neuron of this rank, before padding: 0 to the number of its neurons.
using LocalIndex = Id<struct LocalTag, std::uint32_t>;
/// MPI rank within the communicator of one network.
using Rank = Id<struct RankTag, int>;

/// Time on the grid: step s is the instant s * dt. A spike found while going from step s - 1 to s is stamped s.
using Step = std::int64_t;

}  // namespace ranvier
