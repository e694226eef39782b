#pragma once
#include <cstdint>
#include <type_traits>

/// What travels between ranks: a neuron fired in a step of the exchange interval.
namespace ranvier {

struct Spike {
  std::uint32_t source = 0;  ///< at the sender the local index of the neuron, at the receiver its source slot (row)
  std::uint16_t offset = 0;  ///< steps after the first step of the exchange interval
  std::uint16_t multiplicity = 1;  ///< at least 1: how many spikes in this step

  friend constexpr bool operator==(const Spike&, const Spike&) = default;
};

static_assert(sizeof(Spike) == 8 && std::is_trivially_copyable_v<Spike>, "spikes are copied as bytes between ranks");

}  // namespace ranvier
