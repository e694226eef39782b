#pragma once
#include <cstdint>

#include "core/base/expect.hpp"
#include "kernels/space/portable.hpp"

namespace ranvier {

/// Where a synapse of a spike stamped in ring slot `slot` adds to. With a constant delay the slot of arrival is the same
/// for the row; with delays of its own a synapse holds delay * ports + port, and the sum wraps around the ring.
template <class Index>
struct RingPosition;

template <>
struct RingPosition<std::uint16_t> {
  std::uint32_t base;
  RANVIER_INLINE RingPosition(std::uint32_t slot, std::uint32_t delay, std::uint32_t slots, std::uint32_t ports) {
    RANVIER_EXPECT(slot < slots && delay >= 1 && delay < slots);
    const std::uint32_t arrival = slot + delay;
    base = (arrival < slots ? arrival : arrival - slots) * ports;
  }
  RANVIER_INLINE std::uint32_t operator()(std::uint16_t port) const { return base + port; }
};

template <>
struct RingPosition<std::uint32_t> {
  /// Of one block: two positions can be added without wrapping around 32 bits.
  static constexpr std::uint64_t max_ring = std::uint64_t{1} << 31;
  std::uint32_t base, size;
  RANVIER_INLINE RingPosition(std::uint32_t slot, std::uint32_t, std::uint32_t slots, std::uint32_t ports)
      : base(slot * ports), size(slots * ports) {
    RANVIER_EXPECT(slot < slots && std::uint64_t{slots} * ports <= max_ring);
  }
  RANVIER_INLINE std::uint32_t operator()(std::uint32_t delay_and_port) const {
    const std::uint32_t at = base + delay_and_port;
    return at < size ? at : at - size;
  }
};

}  // namespace ranvier
