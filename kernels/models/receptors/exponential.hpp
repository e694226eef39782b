#pragma once
#include "kernels/math/math.hpp"
#include "kernels/models/receptors/output.hpp"

namespace ranvier {

/// A conductance or current that jumps by the weight and decays.
template <class Real>
struct Exponential {
  static ModelInfo info() {
    ModelInfo m;
    m.name = "exponential";
    m.doc = "Jumps by the weight of a spike, then decays exponentially";
    m.equations = {"dg/dt = -g / tau; a spike of weight w: g += w", output_equation, "exact over a step"};
    m.source = "Destexhe, Mainen & Sejnowski 1994; default of BrainPy's Expon";
    return m;
  }

  struct Parameters {
    double tau, E_rev;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{parameter(&P::tau, "tau", unit::ms, 8.0, range::positive, "time constant of decay"),
                        reversal_potential(&P::E_rev)};
    }
  };

  struct Constants {
    Real decay, conductance, current;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::decay, &C::conductance, &C::current);
    }
  };

  struct State {
    Real g;
    static constexpr auto fields() {
      return std::tuple{state(&State::g, "g", unit::nS, 0.0, "conductance (nS), or current (pA) without E_rev")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    const double mean = math::exprel(-dt / p.tau);
    return {.decay = Real(math::exp(-dt / p.tau)),
            .conductance = Real(mean * conductance_of(p.E_rev)),
            .current = Real(mean * current_of(p.E_rev))};
  }

  static State initial(const Parameters&) { return {.g = Real(0)}; }

  template <class D>
  RANVIER_INLINE static void step(State& s, const Constants& c, Real arrived, D& drive) {
    add_output(c, s.g, drive);
    s.g = s.g * c.decay + arrived;
  }
};

static_assert(Receptor<Exponential<double>>);

}  // namespace ranvier
