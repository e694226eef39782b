#pragma once
#include "comm/mpi/communicator.hpp"
#include "core/base/ids.hpp"
#include "kernels/engine/engine.hpp"

namespace ranvier {

/// Stops a run when a state of the network becomes infinite or NaN, with a RuntimeError that names population, neuron,
/// variable and time.
class FiniteStates {
 public:
  /// All must outlive this. `dt` in ms.
  FiniteStates(FiniteCheck& check, const Layout& layout, double dt, const Communicator& comm)
      : check_(check), layout_(layout), dt_(dt), comm_(comm) {}

  /// Collective. Looks at all states, which are those of the end of `step`.
  void look(Step step) const;
  /// Not collective: throws where the neurons that look at every step have found something.
  void heed_steps() const;

 private:
  void fail(Step step) const;

  FiniteCheck& check_;
  const Layout& layout_;
  double dt_;
  const Communicator& comm_;
};

}  // namespace ranvier
