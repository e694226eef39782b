#pragma once
#include "kernels/models/neurons/adaptive_exponential.hpp"

namespace ranvier {

/// The adaptive exponential neuron by resistance and time constant.
template <class Real>
struct Adex : AdaptiveExponential<Real> {
  using typename AdaptiveExponential<Real>::Constants;
  using typename AdaptiveExponential<Real>::State;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "adex";
    m.doc = "Adaptive exponential integrate-and-fire neuron, by resistance and time constant";
    m.equations = {"tau dV_m/dt = -(V_m - V_rest) + Delta_T exp((V_m - V_T) / Delta_T) - R w + R (I_e + J - G V_m)",
                   "tau_w dw/dt = a (V_m - V_rest) - w", std::string(reset_equation) + "; w += b",
                   "the same neuron as aeif with C_m = tau / R and g_L = 1 / R"};
    m.source = "Brette & Gerstner 2005; defaults of BrainPy's AdExIF";
    m.receptors = ReceptorPolicy::composed;
    m.constraints = {{"V_reset", "V_th", false}};
    return m;
  }

  struct Parameters {
    double V_rest, V_reset, V_th, V_T, Delta_T, a, b, tau, tau_w, R, t_ref, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple_cat(
          resistive_fields<P>(-55.0),
          std::tuple{parameter(&P::V_T, "V_T", unit::mV, -59.9, range::any,
                               "potential at which the slope of the exponential is 1"),
                     parameter(&P::Delta_T, "Delta_T", unit::mV, 3.48, range::positive, "sharpness of the upstroke"),
                     parameter(&P::a, "a", unit::nS, 1.0, range::any, "adaptation by the potential"),
                     parameter(&P::b, "b", unit::pA, 1.0, range::any, "adaptation by a spike"),
                     parameter(&P::tau_w, "tau_w", unit::ms, 30.0, range::positive, "time constant of adaptation")});
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .per_C = Real(p.R / p.tau),
            .g_L = Real(1.0 / p.R),
            .E_L = Real(p.V_rest),
            .I_e = Real(p.I_e),
            .V_T = Real(p.V_T),
            .slope = Real(p.Delta_T / p.R),
            .per_Delta_T = Real(1.0 / p.Delta_T),
            .a = Real(p.a),
            .b = Real(p.b),
            .per_tau_w = Real(1.0 / p.tau_w),
            .V_th = Real(p.V_th),
            .V_reset = Real(p.V_reset),
            .refractory = Real(refractory_steps(p.t_ref, dt))};
  }

  static State initial(const Parameters& p) { return {.V_m = Real(p.V_rest), .refractory = Real(0), .w = Real(0)}; }
};

static_assert(DynamicNeuron<Adex<double>>);

}  // namespace ranvier
