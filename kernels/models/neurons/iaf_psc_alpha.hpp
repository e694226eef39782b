#pragma once
#include "kernels/models/neurons/iaf_psc_exp.hpp"

namespace ranvier {

/// What the derivative of an alpha current, 1 pA/ms at the start of a step, adds to the potential over dt, in mV:
/// the convolution of s exp(-s / tau) with the membrane, by a series near tau = tau_m where its closed form cancels.
inline double psc_alpha_propagator(double tau, double tau_m, double C_m, double dt) {
  const double x = dt * (1.0 / tau - 1.0 / tau_m);
  // Integral over s from 0 to dt of s exp(-s/tau) exp(-(dt-s)/tau_m), with s = dt u:
  // dt^2 exp(-dt/tau_m) times the integral of u exp(-x u) = (1 - (1 + x) exp(-x)) / x^2.
  double integral = 0.0;
  if (x > -0.5 && x < 0.5) {
    double term = 1.0;  // (-x)^k / k!
    for (int k = 0; k < 20; ++k) {
      integral += term / (k + 2);
      term *= -x / (k + 1);
    }
  } else {
    integral = (-math::expm1(-x) - x * math::exp(-x)) / (x * x);
  }
  return dt * dt / C_m * math::exp(-dt / tau_m) * integral;
}

/// Leaky integrate-and-fire with alpha-shaped synaptic currents, peak w at tau_syn after a spike of weight w.
template <class Real>
struct IafPscAlpha {
  static constexpr int ports = 2;

  static ModelInfo info() {
    ModelInfo m = iaf_psc_info("iaf_psc_alpha", "alpha-shaped synaptic currents");
    m.equations = {
        "C_m dV_m/dt = -(C_m / tau_m) (V_m - E_L) + I_ex + I_in + I_e + I",
        "dI_x/dt = dI_x - I_x / tau_syn_x; ddI_x/dt = -dI_x / tau_syn_x; a spike of weight w: dI_x += w e / tau_syn_x",
        "V_m >= V_th: spike, V_m = V_reset for t_ref", "exact"};
    m.own_receptors = {
        {"ex", unit::pA, "alpha current with time constant tau_syn_ex; the weight is its peak"},
        {"in", unit::pA, "alpha current with time constant tau_syn_in (weights are negative to inhibit)"}};
    return m;
  }

  using Parameters = IafPscSynapticParameters;

  struct Constants {
    Real decay, gain, E_L, I_e, V_th, V_reset, refractory, dt;
    Real decay_ex, decay_in, gain_ex, gain_in, slope_ex, slope_in, peak_ex, peak_in;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::decay, &C::gain, &C::E_L, &C::I_e, &C::V_th, &C::V_reset, &C::refractory, &C::dt, &C::decay_ex,
                     &C::decay_in, &C::gain_ex, &C::gain_in, &C::slope_ex, &C::slope_in, &C::peak_ex, &C::peak_in);
    }
  };

  struct State {
    Real V_m, refractory, I_ex, I_in, dI_ex, dI_in;
    static constexpr auto fields() {
      using S = State;
      constexpr Unit pA_per_ms{"pA/ms", {.time = -1, .current = 1}, 1e-9};
      return std::tuple{state(&S::V_m, "V_m", unit::mV, -70.0, "membrane potential; starts at E_L"),
                        internal(&S::refractory, "refractory", "steps left in the refractory time"),
                        state(&S::I_ex, "I_ex", unit::pA, 0.0, "current of receptor ex"),
                        state(&S::I_in, "I_in", unit::pA, 0.0, "current of receptor in"),
                        state(&S::dI_ex, "dI_ex", pA_per_ms, 0.0, "what drives the current of receptor ex"),
                        state(&S::dI_in, "dI_in", pA_per_ms, 0.0, "what drives the current of receptor in")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    const double e = math::exp(1.0);
    return {.decay = Real(math::exp(-dt / p.tau_m)),
            .gain = Real(-math::expm1(-dt / p.tau_m) * p.tau_m / p.C_m),
            .E_L = Real(p.E_L),
            .I_e = Real(p.I_e),
            .V_th = Real(p.V_th),
            .V_reset = Real(p.V_reset),
            .refractory = Real(refractory_steps(p.t_ref, dt)),
            .dt = Real(dt),
            .decay_ex = Real(math::exp(-dt / p.tau_syn_ex)),
            .decay_in = Real(math::exp(-dt / p.tau_syn_in)),
            .gain_ex = Real(psc_exp_propagator(p.tau_syn_ex, p.tau_m, p.C_m, dt)),
            .gain_in = Real(psc_exp_propagator(p.tau_syn_in, p.tau_m, p.C_m, dt)),
            .slope_ex = Real(psc_alpha_propagator(p.tau_syn_ex, p.tau_m, p.C_m, dt)),
            .slope_in = Real(psc_alpha_propagator(p.tau_syn_in, p.tau_m, p.C_m, dt)),
            .peak_ex = Real(e / p.tau_syn_ex),
            .peak_in = Real(e / p.tau_syn_in)};
  }

  static State initial(const Parameters& p) {
    return {.V_m = Real(p.E_L),
            .refractory = Real(0),
            .I_ex = Real(0),
            .I_in = Real(0),
            .dI_ex = Real(0),
            .dI_in = Real(0)};
  }

  RANVIER_INLINE static bool step(State& s, const Constants& c, const PortDrive<Real, ports>& in) {
    const Real V = c.E_L + (s.V_m - c.E_L) * c.decay + (c.I_e + in.J) * c.gain + s.I_ex * c.gain_ex +
                   s.dI_ex * c.slope_ex + s.I_in * c.gain_in + s.dI_in * c.slope_in;
    s.I_ex = (s.I_ex + s.dI_ex * c.dt) * c.decay_ex;
    s.I_in = (s.I_in + s.dI_in * c.dt) * c.decay_in;
    s.dI_ex = s.dI_ex * c.decay_ex + in.arrived[0] * c.peak_ex;
    s.dI_in = s.dI_in * c.decay_in + in.arrived[1] * c.peak_in;
    return advance_or_rest(s, c, V);
  }
};

static_assert(OwnPortsNeuron<IafPscAlpha<double>>);

}  // namespace ranvier
