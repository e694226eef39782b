#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/gates.hpp"

namespace ranvier {

/// The squid's giant axon (Hodgkin & Huxley 1952), on the axis of potentials where it rests near -65 mV. The paper has a
/// leak of 0.3 mS/cm2, at which one current makes a single spike; the default here is ten times less, as in BrainPy.
template <class Real>
struct Hh {
  static constexpr Integrator default_integrator = Integrator::exponential_midpoint;
  static constexpr bool only_decays = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "hh";
    m.doc = "Hodgkin-Huxley neuron per area of membrane; g_L of the paper is 0.3 mS/cm2";
    m.equations = {"C_m dV_m/dt = -g_Na m^3 h (V_m - E_Na) - g_K n^4 (V_m - E_K) - g_L (V_m - E_L) + I_e + J - G V_m",
                   "dx/dt = alpha_x (1 - x) - beta_x x for x = m, h, n; in 1/ms:",
                   "alpha_m = 0.1 (V_m + 40) / (1 - exp(-(V_m + 40) / 10)), beta_m = 4 exp(-(V_m + 65) / 18)",
                   "alpha_h = 0.07 exp(-(V_m + 65) / 20), beta_h = 1 / (1 + exp(-(V_m + 35) / 10))",
                   "alpha_n = 0.01 (V_m + 55) / (1 - exp(-(V_m + 55) / 10)), beta_n = 0.125 exp(-(V_m + 65) / 80)",
                   "V_m crosses V_th upwards: spike"};
    m.source = "Hodgkin & Huxley 1952, J. Physiol. 117:500; defaults of BrainPy 2.8";
    m.receptors = ReceptorPolicy::composed;
    m.current_unit = unit::uA_per_cm2;
    m.conductance_unit = unit::mS_per_cm2;
    return m;
  }

  struct Parameters {
    double C_m, g_Na, E_Na, g_K, E_K, g_L, E_L, V_th, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{
          parameter(&P::C_m, "C_m", unit::uF_per_cm2, 1.0, range::positive, "membrane capacitance"),
          parameter(&P::g_Na, "g_Na", unit::mS_per_cm2, 120.0, range::non_negative, "largest sodium conductance"),
          parameter(&P::E_Na, "E_Na", unit::mV, 50.0, range::any, "sodium reversal potential"),
          parameter(&P::g_K, "g_K", unit::mS_per_cm2, 36.0, range::non_negative, "largest potassium conductance"),
          parameter(&P::E_K, "E_K", unit::mV, -77.0, range::any, "potassium reversal potential"),
          parameter(&P::g_L, "g_L", unit::mS_per_cm2, 0.03, range::non_negative, "leak conductance"),
          parameter(&P::E_L, "E_L", unit::mV, -54.387, range::any, "leak reversal potential"),
          parameter(&P::V_th, "V_th", unit::mV, 20.0, range::any, "a spike is an upward crossing of it"),
          parameter(&P::I_e, "I_e", unit::uA_per_cm2, 0.0, range::any, "constant current")};
    }
  };

  struct Constants {
    Real dt, per_C, g_Na, E_Na, g_K, E_K, g_L, J_0, V_th;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::per_C, &C::g_Na, &C::E_Na, &C::g_K, &C::E_K, &C::g_L, &C::J_0, &C::V_th);
    }
  };

  struct State {
    Real V_m, m, h, n;
    static constexpr auto fields() {
      return std::tuple{state(&State::V_m, "V_m", unit::mV, -54.387, "membrane potential; starts at E_L"),
                        gate(&State::m, "m", "activation of sodium; starts at its steady state"),
                        gate(&State::h, "h", "inactivation of sodium; starts at its steady state"),
                        gate(&State::n, "n", "activation of potassium; starts at its steady state")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .per_C = Real(1.0 / p.C_m),
            .g_Na = Real(p.g_Na),
            .E_Na = Real(p.E_Na),
            .g_K = Real(p.g_K),
            .E_K = Real(p.E_K),
            .g_L = Real(p.g_L),
            .J_0 = Real(p.g_L * p.E_L + p.I_e),
            .V_th = Real(p.V_th)};
  }

  static State initial(const Parameters& p) {
    return {.V_m = Real(p.E_L),
            .m = Real(rates_m(p.E_L).steady()),
            .h = Real(rates_h(p.E_L).steady()),
            .n = Real(rates_n(p.E_L).steady())};
  }

  template <class R>
  RANVIER_INLINE static GateRates<R> rates_m(R V) {
    return {math::inverse_exprel((V + R(40)) * R(-0.1)), R(4) * math::exp((V + R(65)) * R(-1.0 / 18))};
  }
  template <class R>
  RANVIER_INLINE static GateRates<R> rates_h(R V) {
    return {R(0.07) * math::exp((V + R(65)) * R(-0.05)), math::logistic((V + R(35)) * R(0.1))};
  }
  template <class R>
  RANVIER_INLINE static GateRates<R> rates_n(R V) {
    return {R(0.1) * math::inverse_exprel((V + R(55)) * R(-0.1)), R(0.125) * math::exp((V + R(65)) * R(-0.0125))};
  }

  static constexpr auto dynamics() { return members(&State::V_m, &State::m, &State::h, &State::n); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 4> slopes(const State& s, const Constants& c, const D& drive) {
    const Real n2 = s.n * s.n;
    const Real g_Na = c.g_Na * s.m * s.m * s.m * s.h, g_K = c.g_K * n2 * n2;
    const Real g = c.g_L + g_Na + g_K + drive.G;
    const Real J = c.J_0 + g_Na * c.E_Na + g_K * c.E_K + drive.J;
    const auto m = rates_m(s.V_m), h = rates_h(s.V_m), n = rates_n(s.V_m);
    return {{(J - g * s.V_m) * c.per_C, m.slope(s.m), h.slope(s.h), n.slope(s.n)},
            {g * c.per_C, m.decay(), h.decay(), n.decay()}};
  }

  RANVIER_INLINE static bool fire(const State& s, const State& before, const Constants& c) {
    return crosses_upwards(before, s, c);
  }
};

static_assert(DynamicNeuron<Hh<double>>);

}  // namespace ranvier
