#pragma once
#include "kernels/math/math.hpp"
#include "kernels/model/model.hpp"
#include "kernels/models/neurons/integrate_and_fire.hpp"

namespace ranvier {

/// Leaky integrate-and-fire. The drive is constant over a step, so the step is the solution of a linear equation:
///   V <- V_inf + (V - V_inf) exp(-x),   x = dt (g_L + G) / C_m,   V_inf = (g_L E_L + I_e + J) / (g_L + G).
/// Without conductances exp(-x) is a constant. With them it is Pade's approximant (60 - 24 x + 3 x^2) /
/// (60 + 36 x + 9 x^2 + x^3), which needs one division for the whole step; it is too large by x^6 / 7200, that is below
/// 2e-10 for x < 0.1 (in COBA x < 0.06), lies between 0 and 1 for every x > 0, and vanishes for large ones: no conductance
/// takes the potential past its reversal potential.
template <class Real>
struct Lif {
  static ModelInfo info() {
    ModelInfo m;
    m.name = "lif";
    m.doc = "Leaky integrate-and-fire neuron with any number of conductance or current receptors";
    m.equations = {"C_m dV_m/dt = -g_L (V_m - E_L) + I_e + J - G V_m", "V_m >= V_th: spike, V_m = V_reset for t_ref",
                   "exact over a step for the drive (G, J), constant at its mean over the step; with conductances to",
                   "x^6 / 7200, x = dt (g_L + G) / C_m"};
    m.source = "Lapicque 1907; defaults of NEST's iaf_cond_exp";
    m.receptors = ReceptorPolicy::composed;
    m.constraints = {{"V_reset", "V_th", false}};
    return m;
  }

  struct Parameters {
    double C_m, g_L, E_L, V_th, V_reset, t_ref, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{parameter(&P::C_m, "C_m", unit::pF, 250.0, range::positive, "membrane capacitance"),
                        parameter(&P::g_L, "g_L", unit::nS, 16.6667, range::positive, "leak conductance"),
                        parameter(&P::E_L, "E_L", unit::mV, -70.0, range::any, "leak reversal potential"),
                        parameter(&P::V_th, "V_th", unit::mV, -55.0, range::any, "threshold"),
                        parameter(&P::V_reset, "V_reset", unit::mV, -60.0, range::any, "potential after a spike"),
                        parameter(&P::t_ref, "t_ref", unit::ms, 2.0, range::non_negative, "refractory time"),
                        parameter(&P::I_e, "I_e", unit::pA, 0.0, range::any, "constant current")};
    }
  };

  struct Constants {
    Real g_L, J_0, rate, decay, gain, V_th, V_reset, refractory;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::g_L, &C::J_0, &C::rate, &C::decay, &C::gain, &C::V_th, &C::V_reset, &C::refractory);
    }
  };

  struct State {
    Real V_m, refractory;
    static constexpr auto fields() {
      return std::tuple{state(&State::V_m, "V_m", unit::mV, -70.0, "membrane potential; starts at E_L"),
                        internal(&State::refractory, "refractory", "steps left in the refractory time")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.g_L = Real(p.g_L),
            .J_0 = Real(p.g_L * p.E_L + p.I_e),
            .rate = Real(dt / p.C_m),
            .decay = Real(math::exp(-dt * p.g_L / p.C_m)),
            .gain = Real(1.0 / p.g_L),
            .V_th = Real(p.V_th),
            .V_reset = Real(p.V_reset),
            .refractory = Real(refractory_steps(p.t_ref, dt))};
  }

  static State initial(const Parameters& p) { return {.V_m = Real(p.E_L), .refractory = Real(0)}; }

  template <class D>
  RANVIER_INLINE static Real propagate(Real V, const Constants& c, const D& drive) {
    if constexpr (D::has_conductance) {
      const Real x = c.rate * (c.g_L + drive.G), x2 = x * x;
      const Real above = math::fused(x2, Real(3), math::fused(x, Real(-24), Real(60)));
      const Real below = math::fused(x, x2 + Real(36), math::fused(x2, Real(9), Real(60)));
      const Real gain = c.rate * math::fused(x, Real(6), x2 + Real(60));  // (below - above) / (g_L + G)
      return math::fused(above, V, gain * (c.J_0 + drive.J)) / below;
    } else {
      const Real V_inf = (c.J_0 + drive.J) * c.gain;
      return V_inf + (V - V_inf) * c.decay;
    }
  }

  template <class D>
  RANVIER_INLINE static bool step(State& s, const Constants& c, const D& drive) {
    s.V_m = propagate(s.V_m, c, drive);
    if constexpr (D::has_jump) s.V_m += drive.jump;
    return fire_or_rest(s, c, c.V_th);
  }
};

static_assert(ComposedNeuron<Lif<double>>);

}  // namespace ranvier
