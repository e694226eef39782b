#pragma once
#include "kernels/models/neurons/iaf_psc.hpp"

namespace ranvier {

/// Leaky integrate-and-fire, a spike of weight w makes the potential jump by w.
template <class Real>
struct IafPscDelta {
  static constexpr int ports = 1;

  static ModelInfo info() {
    ModelInfo m = iaf_psc_info("iaf_psc_delta", "jumps of the potential");
    m.equations = {"C_m dV_m/dt = -(C_m / tau_m) (V_m - E_L) + I_e + I; a spike of weight w: V_m += w",
                   "V_m >= V_th: spike, V_m = V_reset for t_ref; what arrives meanwhile is lost", "exact"};
    m.own_receptors = {{"spikes", unit::mV, "jump of the potential"}};
    return m;
  }

  using Parameters = IafPscParameters;

  struct Constants {
    Real decay, gain, E_L, I_e, V_th, V_reset, refractory;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::decay, &C::gain, &C::E_L, &C::I_e, &C::V_th, &C::V_reset, &C::refractory);
    }
  };

  using State = IafPscState<Real>;

  static Constants derive(const Parameters& p, double dt) {
    return {.decay = Real(math::exp(-dt / p.tau_m)),
            .gain = Real(-math::expm1(-dt / p.tau_m) * p.tau_m / p.C_m),
            .E_L = Real(p.E_L),
            .I_e = Real(p.I_e),
            .V_th = Real(p.V_th),
            .V_reset = Real(p.V_reset),
            .refractory = Real(refractory_steps(p.t_ref, dt))};
  }

  static State initial(const Parameters& p) { return {.V_m = Real(p.E_L), .refractory = Real(0)}; }

  RANVIER_INLINE static bool step(State& s, const Constants& c, const PortDrive<Real, ports>& in) {
    const Real V = c.E_L + (s.V_m - c.E_L) * c.decay + (c.I_e + in.J) * c.gain + in.arrived[0];
    return advance_or_rest(s, c, V);
  }
};

static_assert(OwnPortsNeuron<IafPscDelta<double>>);

}  // namespace ranvier
