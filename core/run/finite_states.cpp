#include "core/run/finite_states.hpp"

#include <fmt/format.h>

#include "core/base/error.hpp"

namespace ranvier {

void FiniteStates::look(Step step) const {
  comm_.together([&] { fail(step); });
}

void FiniteStates::heed_steps() const {
  if (const auto step = check_.first_non_finite()) fail(*step);
}

/// Throws if there is such a state. `step`: the first at whose end there was one, as far as is known.
void FiniteStates::fail(Step step) const {
  const auto bad = check_.find_non_finite();
  if (!bad) return;
  const PopulationLayout& share = layout_.populations[bad->population];
  throw RuntimeError(
      fmt::format("population {}: {} of neuron {} is NaN or infinite at {:g} ms; try a smaller dt or other "
                  "parameters",
                  share.name, bad->variable, share.first + bad->neuron, static_cast<double>(step) * dt_));
}

}  // namespace ranvier
