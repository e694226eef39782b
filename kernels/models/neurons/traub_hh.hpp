#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/gates.hpp"

namespace ranvier {

/// Hodgkin-Huxley with the rates of Traub & Miles 1991, as the benchmark COBAHH of Brette et al. 2007 uses it.
template <class Real>
struct TraubHh {
  static constexpr Integrator default_integrator = Integrator::exponential_midpoint;
  static constexpr bool only_decays = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "traub_hh";
    m.doc = "Hodgkin-Huxley neuron with the sodium and potassium currents of Traub & Miles";
    m.equations = {"C_m dV_m/dt = -g_L (V_m - E_L) - g_Na m^3 h (V_m - E_Na) - g_K n^4 (V_m - E_K) + I_e + J - G V_m",
                   "dx/dt = alpha_x (1 - x) - beta_x x for x = m, h, n; with v = V_m - V_T, in 1/ms:",
                   "alpha_m = 0.32 (13 - v) / (exp((13 - v) / 4) - 1)",
                   "beta_m = 0.28 (v - 40) / (exp((v - 40) / 5) - 1)",
                   "alpha_h = 0.128 exp((17 - v) / 18), beta_h = 4 / (1 + exp((40 - v) / 5))",
                   "alpha_n = 0.032 (15 - v) / (exp((15 - v) / 5) - 1), beta_n = 0.5 exp((10 - v) / 40)",
                   "V_m crosses V_th upwards: spike"};
    m.source = "Traub & Miles 1991; parameters of Brette et al. 2007, benchmark 3";
    m.receptors = ReceptorPolicy::composed;
    return m;
  }

  struct Parameters {
    double C_m, g_L, E_L, g_Na, E_Na, g_K, E_K, V_T, V_th, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{
          parameter(&P::C_m, "C_m", unit::pF, 200.0, range::positive, "membrane capacitance"),
          parameter(&P::g_L, "g_L", unit::nS, 10.0, range::non_negative, "leak conductance"),
          parameter(&P::E_L, "E_L", unit::mV, -60.0, range::any, "leak reversal potential"),
          parameter(&P::g_Na, "g_Na", unit::nS, 20000.0, range::non_negative, "largest sodium conductance"),
          parameter(&P::E_Na, "E_Na", unit::mV, 50.0, range::any, "sodium reversal potential"),
          parameter(&P::g_K, "g_K", unit::nS, 6000.0, range::non_negative, "largest potassium conductance"),
          parameter(&P::E_K, "E_K", unit::mV, -90.0, range::any, "potassium reversal potential"),
          parameter(&P::V_T, "V_T", unit::mV, -63.0, range::any, "where the rates are on the axis of V_m"),
          parameter(&P::V_th, "V_th", unit::mV, -20.0, range::any, "a spike is an upward crossing of it"),
          parameter(&P::I_e, "I_e", unit::pA, 0.0, range::any, "constant current")};
    }
  };

  struct Constants {
    Real dt, per_C, g_L, J_0, g_Na, E_Na, g_K, E_K, V_T, V_th;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::per_C, &C::g_L, &C::J_0, &C::g_Na, &C::E_Na, &C::g_K, &C::E_K, &C::V_T, &C::V_th);
    }
  };

  struct State {
    Real V_m, m, h, n;
    static constexpr auto fields() {
      return std::tuple{state(&State::V_m, "V_m", unit::mV, -60.0, "membrane potential; starts at E_L"),
                        gate(&State::m, "m", "activation of sodium"), gate(&State::h, "h", "inactivation of sodium"),
                        gate(&State::n, "n", "activation of potassium")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .per_C = Real(1.0 / p.C_m),
            .g_L = Real(p.g_L),
            .J_0 = Real(p.g_L * p.E_L + p.I_e),
            .g_Na = Real(p.g_Na),
            .E_Na = Real(p.E_Na),
            .g_K = Real(p.g_K),
            .E_K = Real(p.E_K),
            .V_T = Real(p.V_T),
            .V_th = Real(p.V_th)};
  }

  static State initial(const Parameters& p) {
    const double v = p.E_L - p.V_T;
    return {.V_m = Real(p.E_L),
            .m = Real(rates_m(v).steady()),
            .h = Real(rates_h(v).steady()),
            .n = Real(rates_n(v).steady())};
  }

  /// Rates at v = V_m - V_T. x / (e^x - 1) is finite and smooth through x = 0 as inverse_exprel(x).
  template <class R>
  RANVIER_INLINE static GateRates<R> rates_m(R v) {
    R alpha, beta;
    math::inverse_exprel((R(13) - v) * R(0.25), (v - R(40)) * R(0.2), alpha, beta);
    return {R(1.28) * alpha, R(1.4) * beta};
  }
  template <class R>
  RANVIER_INLINE static GateRates<R> rates_h(R v) {
    return {R(0.128) * math::exp((R(17) - v) * R(1.0 / 18)), R(4) * math::logistic((v - R(40)) * R(0.2))};
  }
  template <class R>
  RANVIER_INLINE static GateRates<R> rates_n(R v) {
    return {R(0.16) * math::inverse_exprel((R(15) - v) * R(0.2)), R(0.5) * math::exp((R(10) - v) * R(0.025))};
  }

  static constexpr auto dynamics() { return members(&State::V_m, &State::m, &State::h, &State::n); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 4> slopes(const State& s, const Constants& c, const D& drive) {
    const Real v = s.V_m - c.V_T, n2 = s.n * s.n;
    const Real g_Na = c.g_Na * s.m * s.m * s.m * s.h, g_K = c.g_K * n2 * n2;
    const Real g = c.g_L + g_Na + g_K + drive.G;
    const Real J = c.J_0 + g_Na * c.E_Na + g_K * c.E_K + drive.J;
    const auto m = rates_m(v), h = rates_h(v), n = rates_n(v);
    return {{(J - g * s.V_m) * c.per_C, m.slope(s.m), h.slope(s.h), n.slope(s.n)},
            {g * c.per_C, m.decay(), h.decay(), n.decay()}};
  }

  RANVIER_INLINE static bool fire(const State& s, const State& before, const Constants& c) {
    return crosses_upwards(before, s, c);
  }
};

static_assert(DynamicNeuron<TraubHh<double>>);

}  // namespace ranvier
