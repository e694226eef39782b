#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/gates.hpp"

namespace ranvier {

/// A fast-spiking interneuron of the hippocampus (Wang & Buzsaki 1996): sodium activation is always at its steady state.
/// The threshold is the paper's Theta_syn, where a synapse is half open; peaks fall to 5 mV at 400 Hz.
template <class Real>
struct WangBuzsaki {
  static constexpr Integrator default_integrator = Integrator::exponential_midpoint;
  static constexpr bool only_decays = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "wang_buzsaki";
    m.doc = "Fast-spiking interneuron with instantaneous sodium activation, per area of membrane";
    m.equations = {"C_m dV_m/dt = -g_Na m^3 h (V_m - E_Na) - g_K n^4 (V_m - E_K) - g_L (V_m - E_L) + I_e + J - G V_m",
                   "m = alpha_m / (alpha_m + beta_m), dx/dt = phi (alpha_x (1 - x) - beta_x x) for x = h, n; in 1/ms:",
                   "alpha_m = 0.1 (V_m + 35) / (1 - exp(-0.1 (V_m + 35))), beta_m = 4 exp(-(V_m + 60) / 18)",
                   "alpha_h = 0.07 exp(-(V_m + 58) / 20), beta_h = 1 / (1 + exp(-0.1 (V_m + 28)))",
                   "alpha_n = 0.01 (V_m + 34) / (1 - exp(-0.1 (V_m + 34))), beta_n = 0.125 exp(-(V_m + 44) / 80)",
                   "V_m crosses V_th upwards: spike"};
    m.source = "Wang & Buzsaki 1996, J. Neurosci. 16:6402";
    m.receptors = ReceptorPolicy::composed;
    m.current_unit = unit::uA_per_cm2;
    m.conductance_unit = unit::mS_per_cm2;
    return m;
  }

  struct Parameters {
    double C_m, g_Na, E_Na, g_K, E_K, g_L, E_L, phi, V_th, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{
          parameter(&P::C_m, "C_m", unit::uF_per_cm2, 1.0, range::positive, "membrane capacitance"),
          parameter(&P::g_Na, "g_Na", unit::mS_per_cm2, 35.0, range::non_negative, "largest sodium conductance"),
          parameter(&P::E_Na, "E_Na", unit::mV, 55.0, range::any, "sodium reversal potential"),
          parameter(&P::g_K, "g_K", unit::mS_per_cm2, 9.0, range::non_negative, "largest potassium conductance"),
          parameter(&P::E_K, "E_K", unit::mV, -90.0, range::any, "potassium reversal potential"),
          parameter(&P::g_L, "g_L", unit::mS_per_cm2, 0.1, range::non_negative, "leak conductance"),
          parameter(&P::E_L, "E_L", unit::mV, -65.0, range::any, "leak reversal potential"),
          parameter(&P::phi, "phi", unit::one, 5.0, range::positive,
                    "how many times faster h and n are than the axon's"),
          parameter(&P::V_th, "V_th", unit::mV, 0.0, range::any, "a spike is an upward crossing of it"),
          parameter(&P::I_e, "I_e", unit::uA_per_cm2, 0.0, range::any, "constant current")};
    }
  };

  struct Constants {
    Real dt, per_C, g_Na, E_Na, g_K, E_K, g_L, J_0, phi, V_th;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::per_C, &C::g_Na, &C::E_Na, &C::g_K, &C::E_K, &C::g_L, &C::J_0, &C::phi, &C::V_th);
    }
  };

  struct State {
    Real V_m, h, n;
    static constexpr auto fields() {
      return std::tuple{state(&State::V_m, "V_m", unit::mV, -65.0, "membrane potential; starts at E_L"),
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
            .phi = Real(p.phi),
            .V_th = Real(p.V_th)};
  }

  static State initial(const Parameters& p) {
    return {.V_m = Real(p.E_L), .h = Real(rates_h(p.E_L).steady()), .n = Real(rates_n(p.E_L).steady())};
  }

  template <class R>
  RANVIER_INLINE static GateRates<R> rates_m(R V) {
    return {math::inverse_exprel((V + R(35)) * R(-0.1)), R(4) * math::exp((V + R(60)) * R(-1.0 / 18))};
  }
  template <class R>
  RANVIER_INLINE static GateRates<R> rates_h(R V) {
    return {R(0.07) * math::exp((V + R(58)) * R(-0.05)), math::logistic((V + R(28)) * R(0.1))};
  }
  template <class R>
  RANVIER_INLINE static GateRates<R> rates_n(R V) {
    return {R(0.1) * math::inverse_exprel((V + R(34)) * R(-0.1)), R(0.125) * math::exp((V + R(44)) * R(-0.0125))};
  }

  static constexpr auto dynamics() { return members(&State::V_m, &State::h, &State::n); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 3> slopes(const State& s, const Constants& c, const D& drive) {
    const Real n2 = s.n * s.n, m = rates_m(s.V_m).steady();
    const Real g_Na = c.g_Na * m * m * m * s.h, g_K = c.g_K * n2 * n2;
    const Real g = c.g_L + g_Na + g_K + drive.G;
    const Real J = c.J_0 + g_Na * c.E_Na + g_K * c.E_K + drive.J;
    const auto h = rates_h(s.V_m), n = rates_n(s.V_m);
    return {{(J - g * s.V_m) * c.per_C, c.phi * h.slope(s.h), c.phi * n.slope(s.n)},
            {g * c.per_C, c.phi * h.decay(), c.phi * n.decay()}};
  }

  RANVIER_INLINE static bool fire(const State& s, const State& before, const Constants& c) {
    return crosses_upwards(before, s, c);
  }
};

static_assert(DynamicNeuron<WangBuzsaki<double>>);

}  // namespace ranvier
