#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/gates.hpp"

namespace ranvier {

/// Rates and steps of a pyramidal cell of CA3 (Pinsky & Rinzel 1994, after Traub et al. 1991), in 1/ms. The paper counts
/// potentials from -60 mV: v is that of the soma, u that of the dendrite, both in mV above it.
template <class R>
struct PinskyRinzelRates {
  RANVIER_INLINE static GateRates<R> m(R v) {
    return {R(1.28) * math::inverse_exprel((R(13.1) - v) * R(0.25)),
            R(1.4) * math::inverse_exprel((v - R(40.1)) * R(0.2))};
  }
  RANVIER_INLINE static GateRates<R> h(R v) {
    return {R(0.128) * math::exp((R(17) - v) * R(1.0 / 18)), R(4) / (R(1) + math::exp((R(40) - v) * R(0.2)))};
  }
  RANVIER_INLINE static GateRates<R> n(R v) {
    return {R(0.08) * math::inverse_exprel((R(35.1) - v) * R(0.2)), R(0.25) * math::exp(R(0.5) - R(0.025) * v)};
  }
  RANVIER_INLINE static GateRates<R> s(R u) {
    return {R(1.6) / (R(1) + math::exp((R(65) - u) * R(0.072))), R(0.1) * math::inverse_exprel((u - R(51.1)) * R(0.2))};
  }
  RANVIER_INLINE static GateRates<R> c(R u) {
    const R sum = R(2) * math::exp((R(6.5) - u) * R(1.0 / 27));
    const R below = math::exp((u - R(10)) * R(1.0 / 11) - (u - R(6.5)) * R(1.0 / 27)) * R(1 / 18.975);
    const R alpha = u <= R(50) ? below : sum;
    return {alpha, sum - alpha};
  }
  RANVIER_INLINE static GateRates<R> q(R Ca) {
    const R alpha = R(2e-5) * Ca;
    return {alpha < R(0.01) ? alpha : R(0.01), R(0.001)};
  }
  /// How far calcium opens the potassium current I_C.
  RANVIER_INLINE static R chi(R Ca) { return Ca < R(250) ? Ca * R(1.0 / 250) : R(1); }
};

/// Soma and dendrite of a pyramidal cell, joined by a conductance. Currents are per area of the whole cell, of which the
/// soma is the share p; receptors and inputs act on the soma. The paper's synapses open while the soma is more than 20 mV
/// above -60 mV: hence the threshold.
template <class Real>
struct PinskyRinzel {
  static constexpr Integrator default_integrator = Integrator::exponential_midpoint;
  static constexpr bool only_decays = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "pinsky_rinzel";
    m.doc = "Pyramidal cell of a spiking soma (V_m) and a bursting dendrite (V_d), per area of membrane";
    m.equations = {
        "C_m dV_m/dt = -g_L (V_m - E_L) - g_Na m^2 h (V_m - E_Na) - g_K n (V_m - E_K)",
        "              + (g_c (V_d - V_m) + I_e + J - G V_m) / p",
        "C_m dV_d/dt = -g_L (V_d - E_L) - I_Ca - g_AHP q (V_d - E_K) - g_C c min(Ca / 250, 1) (V_d - E_K)",
        "              + (g_c (V_m - V_d) + I_d) / (1 - p), I_Ca = g_Ca s^2 (V_d - E_Ca)",
        "dCa/dt = -0.13 I_Ca - 0.075 Ca",
        "m = alpha_m / (alpha_m + beta_m), dx/dt = alpha_x (1 - x) - beta_x x for x = h, n, s, c, q",
        "with v = V_m + 60 mV, u = V_d + 60 mV, in 1/ms:",
        "alpha_m = 0.32 (13.1 - v) / (exp((13.1 - v) / 4) - 1), beta_m = 0.28 (v - 40.1) / (exp((v - 40.1) / 5) - 1)",
        "alpha_h = 0.128 exp((17 - v) / 18), beta_h = 4 / (1 + exp((40 - v) / 5))",
        "alpha_n = 0.016 (35.1 - v) / (exp((35.1 - v) / 5) - 1), beta_n = 0.25 exp(0.5 - 0.025 v)",
        "alpha_s = 1.6 / (1 + exp(-0.072 (u - 65))), beta_s = 0.02 (u - 51.1) / (exp((u - 51.1) / 5) - 1)",
        "alpha_c = exp((u - 10) / 11 - (u - 6.5) / 27) / 18.975, beta_c = 2 exp((6.5 - u) / 27) - alpha_c; for u > 50:",
        "alpha_c = 2 exp((6.5 - u) / 27), beta_c = 0",
        "alpha_q = min(0.00002 Ca, 0.01), beta_q = 0.001",
        "V_m crosses V_th upwards: spike"};
    m.source = "Pinsky & Rinzel 1994, J. Comput. Neurosci. 1:39";
    m.receptors = ReceptorPolicy::composed;
    m.current_unit = unit::uA_per_cm2;
    m.conductance_unit = unit::mS_per_cm2;
    return m;
  }

  struct Parameters {
    double C_m, g_Na, E_Na, g_K, E_K, g_Ca, E_Ca, g_AHP, g_C, g_L, E_L, g_c, p, V_th, I_e, I_d;
    static constexpr auto fields() {
      using P = Parameters;
      constexpr Unit g = unit::mS_per_cm2;
      constexpr Range share{.min = 0.0, .max = 1.0, .open_min = true, .open_max = true};
      return std::tuple{
          parameter(&P::C_m, "C_m", unit::uF_per_cm2, 3.0, range::positive, "membrane capacitance"),
          parameter(&P::g_Na, "g_Na", g, 30.0, range::non_negative, "largest sodium conductance of the soma"),
          parameter(&P::E_Na, "E_Na", unit::mV, 60.0, range::any, "sodium reversal potential"),
          parameter(&P::g_K, "g_K", g, 15.0, range::non_negative, "largest delayed rectifier of the soma"),
          parameter(&P::E_K, "E_K", unit::mV, -75.0, range::any, "potassium reversal potential"),
          parameter(&P::g_Ca, "g_Ca", g, 10.0, range::non_negative, "largest calcium conductance of the dendrite"),
          parameter(&P::E_Ca, "E_Ca", unit::mV, 80.0, range::any, "calcium reversal potential"),
          parameter(&P::g_AHP, "g_AHP", g, 0.8, range::non_negative, "largest potassium afterhyperpolarisation"),
          parameter(&P::g_C, "g_C", g, 15.0, range::non_negative, "largest calcium-dependent potassium conductance"),
          parameter(&P::g_L, "g_L", g, 0.1, range::non_negative, "leak conductance of both"),
          parameter(&P::E_L, "E_L", unit::mV, -60.0, range::any, "leak reversal potential"),
          parameter(&P::g_c, "g_c", g, 2.1, range::non_negative, "conductance between soma and dendrite"),
          parameter(&P::p, "p", unit::one, 0.5, share, "share of the soma in the membrane's area"),
          parameter(&P::V_th, "V_th", unit::mV, -40.0, range::any, "a spike is an upward crossing of it"),
          parameter(&P::I_e, "I_e", unit::uA_per_cm2, 0.0, range::any, "constant current into the soma"),
          parameter(&P::I_d, "I_d", unit::uA_per_cm2, 0.0, range::any, "constant current into the dendrite")};
    }
  };

  struct Constants {
    Real dt, per_C, g_Na, E_Na, g_K, E_K, g_Ca, E_Ca, g_AHP, g_C, g_L, per_p, g_soma, g_dendrite, J_soma, J_dendrite,
        V_th;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::per_C, &C::g_Na, &C::E_Na, &C::g_K, &C::E_K, &C::g_Ca, &C::E_Ca, &C::g_AHP, &C::g_C,
                     &C::g_L, &C::per_p, &C::g_soma, &C::g_dendrite, &C::J_soma, &C::J_dendrite, &C::V_th);
    }
  };

  struct State {
    Real V_m, V_d, h, n, s, c, q, Ca;
    static constexpr auto fields() {
      return std::tuple{state(&State::V_m, "V_m", unit::mV, -60.0, "potential of the soma; starts at E_L"),
                        state(&State::V_d, "V_d", unit::mV, -60.0, "potential of the dendrite; starts at E_L"),
                        gate(&State::h, "h", "inactivation of sodium; gates start at their steady states"),
                        gate(&State::n, "n", "activation of the delayed rectifier"),
                        gate(&State::s, "s", "activation of calcium"),
                        gate(&State::c, "c", "activation of the calcium-dependent potassium current by potential"),
                        gate(&State::q, "q", "activation of the afterhyperpolarisation by calcium"),
                        state(&State::Ca, "Ca", unit::one, 0.0, "calcium, in the paper's arbitrary unit")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .per_C = Real(1.0 / p.C_m),
            .g_Na = Real(p.g_Na),
            .E_Na = Real(p.E_Na),
            .g_K = Real(p.g_K),
            .E_K = Real(p.E_K),
            .g_Ca = Real(p.g_Ca),
            .E_Ca = Real(p.E_Ca),
            .g_AHP = Real(p.g_AHP),
            .g_C = Real(p.g_C),
            .g_L = Real(p.g_L),
            .per_p = Real(1.0 / p.p),
            .g_soma = Real(p.g_c / p.p),
            .g_dendrite = Real(p.g_c / (1.0 - p.p)),
            .J_soma = Real(p.g_L * p.E_L + p.I_e / p.p),
            .J_dendrite = Real(p.g_L * p.E_L + p.I_d / (1.0 - p.p)),
            .V_th = Real(p.V_th)};
  }

  static State initial(const Parameters& p) {
    using R = PinskyRinzelRates<double>;
    const double v = p.E_L + 60.0;
    return {.V_m = Real(p.E_L),
            .V_d = Real(p.E_L),
            .h = Real(R::h(v).steady()),
            .n = Real(R::n(v).steady()),
            .s = Real(R::s(v).steady()),
            .c = Real(R::c(v).steady()),
            .q = Real(0),
            .Ca = Real(0)};
  }

  static constexpr auto dynamics() {
    using S = State;
    return members(&S::V_m, &S::V_d, &S::h, &S::n, &S::s, &S::c, &S::q, &S::Ca);
  }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 8> slopes(const State& x, const Constants& k, const D& drive) {
    using R = PinskyRinzelRates<Real>;
    const Real v = x.V_m + Real(60), u = x.V_d + Real(60);
    const auto h = R::h(v), n = R::n(v), s = R::s(u), c = R::c(u), q = R::q(x.Ca);

    const Real m = R::m(v).steady();
    const Real g_Na = k.g_Na * m * m * x.h, g_K = k.g_K * x.n;
    const Real g_m = k.g_L + g_Na + g_K + k.g_soma + k.per_p * drive.G;
    const Real J_m = k.J_soma + g_Na * k.E_Na + g_K * k.E_K + k.g_soma * x.V_d + k.per_p * drive.J;

    const Real g_Ca = k.g_Ca * x.s * x.s, g_KCa = k.g_AHP * x.q + k.g_C * x.c * R::chi(x.Ca);
    const Real g_d = k.g_L + g_Ca + g_KCa + k.g_dendrite;
    const Real J_d = k.J_dendrite + g_Ca * k.E_Ca + g_KCa * k.E_K + k.g_dendrite * x.V_m;
    const Real I_Ca = g_Ca * (x.V_d - k.E_Ca);

    return {{(J_m - g_m * x.V_m) * k.per_C, (J_d - g_d * x.V_d) * k.per_C, h.slope(x.h), n.slope(x.n), s.slope(x.s),
             c.slope(x.c), q.slope(x.q), Real(-0.13) * I_Ca - Real(0.075) * x.Ca},
            {g_m * k.per_C, g_d * k.per_C, h.decay(), n.decay(), s.decay(), c.decay(), q.decay(), Real(0.075)}};
  }

  RANVIER_INLINE static bool fire(const State& s, const State& before, const Constants& c) {
    return crosses_upwards(before, s, c);
  }
};

static_assert(DynamicNeuron<PinskyRinzel<double>>);

}  // namespace ranvier
