#pragma once
#include <cstdint>
#include <limits>
#include <memory>

#include "core/base/expect.hpp"
#include "core/base/grid.hpp"
#include "core/base/ids.hpp"
#include "core/base/spike.hpp"
#include "kernels/layout/layout.hpp"
#include "kernels/model/model.hpp"
#include "kernels/signals/signal_history.hpp"
#include "kernels/space/portable.hpp"

namespace ranvier {

/// Later than every step.
inline constexpr Step never = std::numeric_limits<Step>::max();

/// Spikes of the interval, appended by the update kernels in any order. The capacity is the most that the populations
/// can emit, so nothing is ever lost. The engine owns the memory. And the first step at whose end a neuron's state was no finite number.
struct SpikeBuffer {
  Spike* records = nullptr;
  std::uint32_t* count = nullptr;
  Step* first_not_finite = nullptr;  ///< `never` while all is well

  RANVIER_INLINE void emit(std::uint32_t neuron, Step offset, std::uint32_t multiplicity) const {
    RANVIER_EXPECT(offset >= 0 && offset <= 65535 && multiplicity >= 1 && multiplicity <= 65535);
    const std::uint32_t at = Kokkos::atomic_fetch_add(count, 1u);
    records[at] = Spike{neuron, static_cast<std::uint16_t>(offset), static_cast<std::uint16_t>(multiplicity)};
  }

  /// What a neuron's step returned other than 0.
  RANVIER_INLINE void report(std::uint32_t neuron, Step step, Step interval_first, std::int32_t fired) const {
    if (fired > 0)
      emit(neuron, step - interval_first, static_cast<std::uint32_t>(fired));
    else
      Kokkos::atomic_fetch_min(first_not_finite, step);
  }
};

class Registry;

/// What all kernels of a rank share: the delay ring, the spike buffer, the grid of time.
template <class Exec, class Real>
struct Machine {
  Array<Accumulator<Real>, Exec> ring;
  SpikeBuffer spikes;
  std::uint32_t slots = 1;
  double dt = 0.1;                               ///< ms
  std::shared_ptr<const SignalHistory> signals;  ///< host memory
  const Registry* models = nullptr;              ///< the parts that populations are made of
  const Layout* layout = nullptr;                ///< of the rank, in host memory
};

}  // namespace ranvier
