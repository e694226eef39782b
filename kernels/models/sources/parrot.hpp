#pragma once
#include "kernels/model/model.hpp"

namespace ranvier {

/// Repeats every spike that arrives, in the step in which it arrives.
template <class Real>
struct Parrot {
  static constexpr int ports = 1;
  static constexpr bool repeats_arrivals = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "parrot";
    m.doc = "Emits a spike for every spike that arrives, in the same step; several in a step are all emitted";
    m.source = "NEST's parrot_neuron";
    m.receptors = ReceptorPolicy::own;
    m.own_receptors = {{"spikes", unit::one, "counts spikes: each is repeated once, and projections have no weight"}};
    return m;
  }

  struct Parameters {
    static constexpr auto fields() { return std::tuple{}; }
  };
  struct Constants {
    static constexpr auto fields() { return std::tuple{}; }
  };
  struct State {
    static constexpr auto fields() { return std::tuple{}; }
  };

  static Constants derive(const Parameters&, double) { return {}; }
  static State initial(const Parameters&) { return {}; }

  /// The number of spikes that arrived.
  RANVIER_INLINE static Accumulator<Real> step(State&, const Constants&, const PortDrive<Real, ports>& in) {
    return static_cast<Accumulator<Real>>(in.arrived[0] + Real(0.5));
  }
};

static_assert(OwnPortsNeuron<Parrot<double>>);

}  // namespace ranvier
