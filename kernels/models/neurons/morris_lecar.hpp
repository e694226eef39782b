#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/gates.hpp"

namespace ranvier {

/// The barnacle's muscle fibre (Morris & Lecar 1981), reduced to two variables as in the paper's section on them: calcium
/// activation is always at its steady state. The defaults are those of Rinzel & Ermentrout 1989, where spiking begins in
/// a Hopf bifurcation, but for E_Ca, 120 mV there; Morris & Lecar have E_Ca 100, E_K -70, E_L -50 mV.
template <class Real>
struct MorrisLecar {
  static constexpr Integrator default_integrator = Integrator::exponential_midpoint;
  static constexpr bool only_decays = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "morris_lecar";
    m.doc = "Calcium and potassium currents in two variables, per area of membrane";
    m.equations = {"C_m dV_m/dt = -g_Ca M (V_m - E_Ca) - g_K W (V_m - E_K) - g_L (V_m - E_L) + I_e + J - G V_m",
                   "M = (1 + tanh((V_m - V_1) / V_2)) / 2", "dW/dt = phi cosh((V_m - V_3) / (2 V_4)) (W_inf - W)",
                   "W_inf = (1 + tanh((V_m - V_3) / V_4)) / 2", "V_m crosses V_th upwards: spike"};
    m.source =
        "Morris & Lecar 1981, Biophys. J. 35:193; defaults of BrainPy 2.8, nearly those of Rinzel & Ermentrout 1989";
    m.receptors = ReceptorPolicy::composed;
    m.current_unit = unit::uA_per_cm2;
    m.conductance_unit = unit::mS_per_cm2;
    return m;
  }

  struct Parameters {
    double C_m, g_Ca, E_Ca, g_K, E_K, g_L, E_L, V_1, V_2, V_3, V_4, phi, V_th, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{
          parameter(&P::C_m, "C_m", unit::uF_per_cm2, 20.0, range::positive, "membrane capacitance"),
          parameter(&P::g_Ca, "g_Ca", unit::mS_per_cm2, 4.4, range::non_negative, "largest calcium conductance"),
          parameter(&P::E_Ca, "E_Ca", unit::mV, 130.0, range::any, "calcium reversal potential"),
          parameter(&P::g_K, "g_K", unit::mS_per_cm2, 8.0, range::non_negative, "largest potassium conductance"),
          parameter(&P::E_K, "E_K", unit::mV, -84.0, range::any, "potassium reversal potential"),
          parameter(&P::g_L, "g_L", unit::mS_per_cm2, 2.0, range::non_negative, "leak conductance"),
          parameter(&P::E_L, "E_L", unit::mV, -60.0, range::any, "leak reversal potential"),
          parameter(&P::V_1, "V_1", unit::mV, -1.2, range::any, "potential at which M is a half"),
          parameter(&P::V_2, "V_2", unit::mV, 18.0, range::positive, "width of M"),
          parameter(&P::V_3, "V_3", unit::mV, 2.0, range::any, "potential at which W_inf is a half"),
          parameter(&P::V_4, "V_4", unit::mV, 30.0, range::positive, "width of W_inf"),
          parameter(&P::phi, "phi", unit::per_ms, 0.04, range::positive, "rate of W at V_3"),
          parameter(&P::V_th, "V_th", unit::mV, 10.0, range::any, "a spike is an upward crossing of it"),
          parameter(&P::I_e, "I_e", unit::uA_per_cm2, 0.0, range::any, "constant current")};
    }
  };

  struct Constants {
    Real dt, per_C, g_Ca, E_Ca, g_K, E_K, g_L, J_0, V_1, per_V_2, V_3, per_V_4, phi, V_th;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::per_C, &C::g_Ca, &C::E_Ca, &C::g_K, &C::E_K, &C::g_L, &C::J_0, &C::V_1, &C::per_V_2,
                     &C::V_3, &C::per_V_4, &C::phi, &C::V_th);
    }
  };

  struct State {
    Real V_m, W;
    static constexpr auto fields() {
      return std::tuple{state(&State::V_m, "V_m", unit::mV, -60.0, "membrane potential; starts at E_L"),
                        gate(&State::W, "W", "activation of potassium; starts at its steady state")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .per_C = Real(1.0 / p.C_m),
            .g_Ca = Real(p.g_Ca),
            .E_Ca = Real(p.E_Ca),
            .g_K = Real(p.g_K),
            .E_K = Real(p.E_K),
            .g_L = Real(p.g_L),
            .J_0 = Real(p.g_L * p.E_L + p.I_e),
            .V_1 = Real(p.V_1),
            .per_V_2 = Real(1.0 / p.V_2),
            .V_3 = Real(p.V_3),
            .per_V_4 = Real(1.0 / p.V_4),
            .phi = Real(p.phi),
            .V_th = Real(p.V_th)};
  }

  static State initial(const Parameters& p) { return {.V_m = Real(p.E_L), .W = Real(open((p.E_L - p.V_3) / p.V_4))}; }

  template <class R>
  RANVIER_INLINE static R open(R x) {
    return R(0.5) * (R(1) + math::tanh(x));
  }

  static constexpr auto dynamics() { return members(&State::V_m, &State::W); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 2> slopes(const State& s, const Constants& c, const D& drive) {
    const Real x = (s.V_m - c.V_3) * c.per_V_4;
    const Real rate = c.phi * math::cosh(Real(0.5) * x);
    const Real g_Ca = c.g_Ca * open((s.V_m - c.V_1) * c.per_V_2), g_K = c.g_K * s.W;
    const Real g = c.g_L + g_Ca + g_K + drive.G;
    const Real J = c.J_0 + g_Ca * c.E_Ca + g_K * c.E_K + drive.J;
    return {{(J - g * s.V_m) * c.per_C, rate * (open(x) - s.W)}, {g * c.per_C, rate}};
  }

  RANVIER_INLINE static bool fire(const State& s, const State& before, const Constants& c) {
    return crosses_upwards(before, s, c);
  }
};

static_assert(DynamicNeuron<MorrisLecar<double>>);

}  // namespace ranvier
