#pragma once
#include "kernels/math/math.hpp"
#include "kernels/models/receptors/output.hpp"

namespace ranvier {

/// A conductance or current that rises to the weight at tau and falls again.
template <class Real>
struct Alpha {
  static ModelInfo info() {
    ModelInfo m;
    m.name = "alpha";
    m.doc = "Rises to the weight of a spike at tau after it, then falls";
    m.equations = {"dg/dt = (h - g) / tau; dh/dt = -h / tau; a spike of weight w: h += e w", output_equation,
                   "exact over a step"};
    m.source = "Rall 1967; default of BrainPy's Alpha, peak w as in NEST";
    return m;
  }

  struct Parameters {
    double tau, E_rev;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{parameter(&P::tau, "tau", unit::ms, 10.0, range::positive, "time from a spike to the peak"),
                        reversal_potential(&P::E_rev)};
    }
  };

  struct Constants {
    Real decay, rise, peak, mean_g, mean_h, conductance, current;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::decay, &C::rise, &C::peak, &C::mean_g, &C::mean_h, &C::conductance, &C::current);
    }
  };

  struct State {
    Real g, h;
    static constexpr auto fields() {
      return std::tuple{state(&State::g, "g", unit::nS, 0.0, "conductance (nS), or current (pA) without E_rev"),
                        state(&State::h, "h", unit::nS, 0.0, "what g follows")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    const StepMean mean(1.0 / p.tau, 1.0 / p.tau, 1.0 / p.tau, dt);
    return {.decay = Real(math::exp(-dt / p.tau)),
            .rise = Real(dt / p.tau),
            .peak = Real(math::exp(1.0)),
            .mean_g = Real(mean.of_g),
            .mean_h = Real(mean.of_h),
            .conductance = Real(conductance_of(p.E_rev)),
            .current = Real(current_of(p.E_rev))};
  }

  static State initial(const Parameters&) { return {.g = Real(0), .h = Real(0)}; }

  template <class D>
  RANVIER_INLINE static void step(State& s, const Constants& c, Real arrived, D& drive) {
    add_output(c, math::fused(s.h, c.mean_h, s.g * c.mean_g), drive);
    s.g = (s.g + s.h * c.rise) * c.decay;
    s.h = s.h * c.decay + arrived * c.peak;
  }
};

static_assert(Receptor<Alpha<double>>);

}  // namespace ranvier
