#pragma once
#include "kernels/math/math.hpp"
#include "kernels/models/receptors/output.hpp"

namespace ranvier {

/// A conductance or current with its own times of rise and of decay, and its peak at the weight.
template <class Real>
struct DualExponential {
  static ModelInfo info() {
    ModelInfo m;
    m.name = "dual_exponential";
    m.doc = "Rises and decays exponentially, at most the weight of a spike";
    m.equations = {
        "dg/dt = K h - g / tau_decay; dh/dt = -h / tau_rise; a spike of weight w: h += w",
        "K such that g of one spike peaks at w, at log(tau_decay / tau_rise) / (1 / tau_rise - 1 / tau_decay)",
        output_equation, "exact over a step, also where tau_rise = tau_decay (alpha)"};
    m.source = "Roth & van Rossum 2009, eq. 6.3-6.4; defaults of BrainPy's DualExpon";
    return m;
  }

  struct Parameters {
    double tau_decay, tau_rise, E_rev;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{
          parameter(&P::tau_decay, "tau_decay", unit::ms, 10.0, range::positive, "time constant of decay"),
          parameter(&P::tau_rise, "tau_rise", unit::ms, 1.0, range::positive, "time constant of rise"),
          reversal_potential(&P::E_rev)};
    }
  };

  struct Constants {
    Real decay, rise, decay_h, mean_g, mean_h, conductance, current;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::decay, &C::rise, &C::decay_h, &C::mean_g, &C::mean_h, &C::conductance, &C::current);
    }
  };

  struct State {
    Real g, h;
    static constexpr auto fields() {
      return std::tuple{state(&State::g, "g", unit::nS, 0.0, "conductance (nS), or current (pA) without E_rev"),
                        state(&State::h, "h", unit::nS, 0.0, "what makes g rise")};
    }
  };

  /// With r = log(tau_decay / tau_rise) the peak of t exprel(-t (1 / tau_rise - 1 / tau_decay)) exp(-t / tau_decay) is at
  /// tau_decay / exprel(r) and is tau_rise exp(-1 / exprel(r)): no difference of nearly equal numbers anywhere.
  static Constants derive(const Parameters& p, double dt) {
    const double decay = math::exp(-dt / p.tau_decay);
    const double K = math::exp(1.0 / math::exprel(math::log(p.tau_decay / p.tau_rise))) / p.tau_rise;
    const StepMean mean(1.0 / p.tau_decay, K, 1.0 / p.tau_rise, dt);
    return {.decay = Real(decay),
            .rise = Real(K * dt * math::exprel(dt * (1.0 / p.tau_decay - 1.0 / p.tau_rise)) * decay),
            .decay_h = Real(math::exp(-dt / p.tau_rise)),
            .mean_g = Real(mean.of_g),
            .mean_h = Real(mean.of_h),
            .conductance = Real(conductance_of(p.E_rev)),
            .current = Real(current_of(p.E_rev))};
  }

  static State initial(const Parameters&) { return {.g = Real(0), .h = Real(0)}; }

  template <class D>
  RANVIER_INLINE static void step(State& s, const Constants& c, Real arrived, D& drive) {
    add_output(c, math::fused(s.h, c.mean_h, s.g * c.mean_g), drive);
    s.g = s.g * c.decay + s.h * c.rise;
    s.h = s.h * c.decay_h + arrived;
  }
};

static_assert(Receptor<DualExponential<double>>);

}  // namespace ranvier
