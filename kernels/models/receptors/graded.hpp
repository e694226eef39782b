#pragma once
#include "kernels/models/receptors/output.hpp"

namespace ranvier {

/// A conductance or current that follows a signal: continuous coupling in place of spikes.
template <class Real>
struct Graded {
  static constexpr bool takes_signal = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "graded";
    m.doc = "Follows states of other neurons, which a projection sends as its signal";
    m.equations = {"g(t) = sum over projections and their sources j of w s_j(t - delay), linear within a step",
                   output_equation};
    m.source = "graded transmission; the summed variables of Brian 2";
    return m;
  }

  struct Parameters {
    double E_rev;
    static constexpr auto fields() { return std::tuple{reversal_potential(&Parameters::E_rev)}; }
  };

  struct Constants {
    Real conductance, current;
    static constexpr auto fields() { return members(&Constants::conductance, &Constants::current); }
  };

  struct State {
    Real g;
    static constexpr auto fields() {
      return std::tuple{state(&State::g, "g", unit::nS, 0.0, "conductance (nS), or current (pA) without E_rev")};
    }
  };

  static Constants derive(const Parameters& p, double) {
    return {.conductance = Real(conductance_of(p.E_rev)), .current = Real(current_of(p.E_rev))};
  }

  static State initial(const Parameters&) { return {.g = Real(0)}; }

  template <class D>
  RANVIER_INLINE static void step(State& s, const Constants& c, Real arrived, D& drive) {
    add_output(c, Real(0.5) * (s.g + arrived), drive);
    s.g = arrived;
  }
};

static_assert(Receptor<Graded<double>>);

}  // namespace ranvier
