#pragma once
#include "kernels/models/neurons/adaptive_exponential.hpp"

namespace ranvier {

/// The adaptive exponential neuron under the parameters of NEST's aeif_cond_exp and aeif_cond_alpha, whose synapses are the
/// receptors `exponential` and `alpha` with E_rev.
template <class Real>
struct Aeif : AdaptiveExponential<Real> {
  using typename AdaptiveExponential<Real>::Constants;
  using typename AdaptiveExponential<Real>::State;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "aeif";
    m.doc = "Adaptive exponential integrate-and-fire neuron, by capacitance and conductance";
    m.equations = {"C_m dV_m/dt = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_th) / Delta_T) - w + I_e + J - G V_m",
                   "tau_w dw/dt = a (V_m - E_L) - w", "V_m >= V_peak: spike, V_m = V_reset for t_ref; w += b"};
    m.source = "Brette & Gerstner 2005; names and defaults of NEST's aeif_cond_exp and aeif_cond_alpha";
    m.receptors = ReceptorPolicy::composed;
    m.constraints = {{"V_reset", "V_peak", false}, {"V_th", "V_peak", true}};
    return m;
  }

  struct Parameters {
    double C_m, g_L, E_L, V_th, Delta_T, V_peak, V_reset, t_ref, a, b, tau_w, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{
          parameter(&P::C_m, "C_m", unit::pF, 281.0, range::positive, "membrane capacitance"),
          parameter(&P::g_L, "g_L", unit::nS, 30.0, range::positive, "leak conductance"),
          parameter(&P::E_L, "E_L", unit::mV, -70.6, range::any, "leak reversal potential"),
          parameter(&P::V_th, "V_th", unit::mV, -50.4, range::any, "potential from which the upstroke begins"),
          parameter(&P::Delta_T, "Delta_T", unit::mV, 2.0, range::positive, "sharpness of the upstroke"),
          parameter(&P::V_peak, "V_peak", unit::mV, 0.0, range::any, "potential at which a spike is cut off"),
          parameter(&P::V_reset, "V_reset", unit::mV, -60.0, range::any, "potential after a spike"),
          parameter(&P::t_ref, "t_ref", unit::ms, 0.0, range::non_negative, "refractory time"),
          parameter(&P::a, "a", unit::nS, 4.0, range::any, "adaptation by the potential"),
          parameter(&P::b, "b", unit::pA, 80.5, range::any, "adaptation by a spike"),
          parameter(&P::tau_w, "tau_w", unit::ms, 144.0, range::positive, "time constant of adaptation"),
          parameter(&P::I_e, "I_e", unit::pA, 0.0, range::any, "constant current")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .per_C = Real(1.0 / p.C_m),
            .g_L = Real(p.g_L),
            .E_L = Real(p.E_L),
            .I_e = Real(p.I_e),
            .V_T = Real(p.V_th),
            .slope = Real(p.g_L * p.Delta_T),
            .per_Delta_T = Real(1.0 / p.Delta_T),
            .a = Real(p.a),
            .b = Real(p.b),
            .per_tau_w = Real(1.0 / p.tau_w),
            .V_th = Real(p.V_peak),
            .V_reset = Real(p.V_reset),
            .refractory = Real(refractory_steps(p.t_ref, dt))};
  }

  static State initial(const Parameters& p) { return {.V_m = Real(p.E_L), .refractory = Real(0), .w = Real(0)}; }
};

static_assert(DynamicNeuron<Aeif<double>>);

}  // namespace ranvier
