#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "core/base/expect.hpp"
#include "core/base/spike.hpp"

namespace ranvier {

enum class MemorySpace { host, device };

/// The source slot of a neuron without targets on this rank.
inline constexpr std::uint32_t without_slot = std::numeric_limits<std::uint32_t>::max();

/// Spikes where they lie: in host memory, or on the device that made them, where their number may be known to the device
/// alone. Not an owner.
struct SpikeList {
  const Spike* records = nullptr;
  std::uint32_t count = 0;  ///< how many there are; where `end` is given, no more than so many
  MemorySpace space = MemorySpace::host;

  // Device memory only. The list is records[*begin] to records[*end - 1]; without `begin` it starts at records[0],
  // without `end` it has `count` spikes.
  const std::uint32_t* begin = nullptr;
  const std::uint32_t* end = nullptr;
  std::uint32_t* next = nullptr;           ///< whoever takes the spikes writes *end here: the next list begins there
  const std::uint32_t* slot_of = nullptr;  ///< where given, sources are local neurons, and this is the slot of each
  void* queue = nullptr;                   ///< the stream (cudaStream_t) in which the list is ready

  SpikeList() = default;
  /// Spikes in host memory.
  explicit SpikeList(std::span<const Spike> spikes)
      : records(spikes.data()), count(narrow<std::uint32_t>(spikes.size())) {}

  /// Of a list in host memory.
  std::span<const Spike> on_host() const {
    RANVIER_EXPECT(space == MemorySpace::host);
    return {records, count};
  }
};

}  // namespace ranvier
