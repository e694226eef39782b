#pragma once
#include <cstdint>

#include "core/base/grid.hpp"
#include "core/base/ids.hpp"
#include "core/base/spike.hpp"
#include "kernels/layout.hpp"
#include "kernels/model.hpp"
#include "kernels/portable.hpp"

namespace ranvier {

/// Spikes of the interval, appended by the update kernels in any order. The capacity is the most that the populations
/// can emit, so nothing is ever lost.
template <class Exec>
struct SpikeBuffer {
  Array<Spike, Exec> records;
  Array<std::uint32_t, Exec> count;  ///< one element

  RANVIER_INLINE void emit(std::uint32_t neuron, Step offset, std::uint32_t multiplicity) const {
    const std::uint32_t at = Kokkos::atomic_fetch_add(&count(0), 1u);
    records(at) = Spike{neuron, static_cast<std::uint16_t>(offset), static_cast<std::uint16_t>(multiplicity)};
  }
};

/// What all kernels of a rank share: the delay ring, the spike buffer, the grid of time.
template <class Exec, class Real>
struct Machine {
  Array<Accumulator<Real>, Exec> ring;
  SpikeBuffer<Exec> spikes;
  std::uint32_t slots = 1;
  double dt = 0.1;  ///< ms
};

}  // namespace ranvier
