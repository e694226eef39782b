#pragma once
#include "kernels/models/neurons/iaf_psc.hpp"

namespace ranvier {

/// What a synaptic current I' = -I / tau of 1 pA at the start of a step adds to the potential over dt, in mV:
/// the difference of two exponentials, written so that it has no singularity at tau = tau_m.
inline double psc_exp_propagator(double tau, double tau_m, double C_m, double dt) {
  const double x = dt * (1.0 / tau - 1.0 / tau_m);
  return dt / C_m * math::exp(-dt / tau) * math::exprel(x);
}

/// Leaky integrate-and-fire with exponentially decaying synaptic currents.
template <class Real>
struct IafPscExp {
  static constexpr int ports = 2;

  static ModelInfo info() {
    ModelInfo m = iaf_psc_info("iaf_psc_exp", "exponential synaptic currents");
    m.equations = {"C_m dV_m/dt = -(C_m / tau_m) (V_m - E_L) + I_ex + I_in + I_e + I",
                   "dI_x/dt = -I_x / tau_syn_x; a spike of weight w: I_x += w",
                   "V_m >= V_th: spike, V_m = V_reset for t_ref", "exact"};
    m.own_receptors = {{"ex", unit::pA, "current with time constant tau_syn_ex"},
                       {"in", unit::pA, "current with time constant tau_syn_in (weights are negative to inhibit)"}};
    return m;
  }

  using Parameters = IafPscSynapticParameters;

  struct Constants {
    Real decay, gain, E_L, I_e, V_th, V_reset, refractory, decay_ex, decay_in, gain_ex, gain_in;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::decay, &C::gain, &C::E_L, &C::I_e, &C::V_th, &C::V_reset, &C::refractory, &C::decay_ex,
                     &C::decay_in, &C::gain_ex, &C::gain_in);
    }
  };

  struct State {
    Real V_m, refractory, I_ex, I_in;
    static constexpr auto fields() {
      using S = State;
      return std::tuple{state(&S::V_m, "V_m", unit::mV, -70.0, "membrane potential; starts at E_L"),
                        internal(&S::refractory, "refractory", "steps left in the refractory time"),
                        state(&S::I_ex, "I_ex", unit::pA, 0.0, "current of receptor ex"),
                        state(&S::I_in, "I_in", unit::pA, 0.0, "current of receptor in")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.decay = Real(math::exp(-dt / p.tau_m)),
            .gain = Real(-math::expm1(-dt / p.tau_m) * p.tau_m / p.C_m),
            .E_L = Real(p.E_L),
            .I_e = Real(p.I_e),
            .V_th = Real(p.V_th),
            .V_reset = Real(p.V_reset),
            .refractory = Real(refractory_steps(p.t_ref, dt)),
            .decay_ex = Real(math::exp(-dt / p.tau_syn_ex)),
            .decay_in = Real(math::exp(-dt / p.tau_syn_in)),
            .gain_ex = Real(psc_exp_propagator(p.tau_syn_ex, p.tau_m, p.C_m, dt)),
            .gain_in = Real(psc_exp_propagator(p.tau_syn_in, p.tau_m, p.C_m, dt))};
  }

  static State initial(const Parameters& p) {
    return {.V_m = Real(p.E_L), .refractory = Real(0), .I_ex = Real(0), .I_in = Real(0)};
  }

  RANVIER_INLINE static bool step(State& s, const Constants& c, const PortDrive<Real, ports>& in) {
    const Real V =
        c.E_L + (s.V_m - c.E_L) * c.decay + (c.I_e + in.J) * c.gain + s.I_ex * c.gain_ex + s.I_in * c.gain_in;
    s.I_ex = s.I_ex * c.decay_ex + in.arrived[0];
    s.I_in = s.I_in * c.decay_in + in.arrived[1];
    return advance_or_rest(s, c, V);
  }
};

static_assert(OwnPortsNeuron<IafPscExp<double>>);

}  // namespace ranvier
