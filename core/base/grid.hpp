#pragma once
#include <cmath>
#include <limits>

#include "core/base/ids.hpp"

/// Times in ms on the grid of steps.
namespace ranvier {

/// The step nearest to a time; times beyond the range of steps (infinity) become the last step that leaves room to add to.
inline Step grid_step(double time, double dt) {
  constexpr Step last = std::numeric_limits<Step>::max() / 4;
  const double steps = std::floor(time / dt + 0.5);
  return steps < static_cast<double>(last) ? static_cast<Step>(steps) : last;
}

}  // namespace ranvier
