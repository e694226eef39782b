#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/integrate_and_fire.hpp"

namespace ranvier {

/// The adaptive exponential integrate-and-fire neuron in capacitance and conductances; `adex` and `aeif` name its
/// parameters in two ways:
///   C V' = -g_L (V - E_L) + g_L Delta_T exp((V - V_T) / Delta_T) - w + I_e + J - G V,   tau_w w' = a (V - E_L) - w,
/// with V_m = V_reset and w += b at V_m >= V_th.
template <class Real>
struct AdaptiveExponential {
  static constexpr Integrator default_integrator = Integrator::rk4;

  struct Constants {
    Real dt, per_C, g_L, E_L, I_e, V_T, slope, per_Delta_T, a, b, per_tau_w, V_th, V_reset, refractory;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::per_C, &C::g_L, &C::E_L, &C::I_e, &C::V_T, &C::slope, &C::per_Delta_T, &C::a, &C::b,
                     &C::per_tau_w, &C::V_th, &C::V_reset, &C::refractory);
    }
  };

  struct State {
    Real V_m, refractory, w;
    static constexpr auto fields() {
      return std::tuple_cat(integrate_and_fire_states<State, Real>("membrane potential; starts at rest"),
                            std::tuple{state(&State::w, "w", unit::pA, 0.0, "adaptation current")});
    }
  };

  static constexpr auto dynamics() { return members(&State::V_m, &State::w); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 2> slopes(const State& s, const Constants& c, const D& drive) {
    const Real V = at_most(s.V_m, c.V_th);
    const Real upstroke = math::exp((V - c.V_T) * c.per_Delta_T);
    const Real I = c.g_L * (c.E_L - V) + c.slope * upstroke - s.w + c.I_e + drive.J - drive.G * V;
    const Real decay = (c.g_L * (Real(1) - upstroke) + drive.G) * c.per_C;
    return unless_resting(
        s, Slopes<Real, 2>{{I * c.per_C, (c.a * (V - c.E_L) - s.w) * c.per_tau_w}, {decay, c.per_tau_w}});
  }

  RANVIER_INLINE static bool fire(State& s, const State&, const Constants& c) {
    const bool spike = fire_or_rest(s, c, c.V_th);
    s.w = spike ? s.w + c.b : s.w;
    return spike;
  }
};

}  // namespace ranvier
