#pragma once
#include "kernels/model/model.hpp"

namespace ranvier {

/// A jump of the potential by the weight, at the arrival of the spike.
template <class Real>
struct Delta {
  static constexpr bool jumps = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "delta";
    m.doc = "Makes the membrane potential jump by the weight of a spike";
    m.equations = {"a spike of weight w: V_m += w; what arrives in the refractory time is lost"};
    m.source = "Brunel 2000";
    m.weight_unit_current = unit::mV;
    m.conductance_allowed = false;
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

  template <class D>
  RANVIER_INLINE static void step(State&, const Constants&, Real arrived, D& drive) {
    drive.jump += arrived;
  }
};

static_assert(Receptor<Delta<double>>);

}  // namespace ranvier
