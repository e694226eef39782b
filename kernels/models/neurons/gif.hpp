#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/model/propagator.hpp"
#include "kernels/models/neurons/integrate_and_fire.hpp"

namespace ranvier {

/// Generalized integrate-and-fire: two currents that a spike sets off, and a moving threshold.
template <class Real>
struct Gif {
  static constexpr Integrator default_integrator = Integrator::exact;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "gif";
    m.doc = "Generalized integrate-and-fire neuron of Mihalas & Niebur";
    m.equations = {"tau dV_m/dt = -(V_m - V_rest) + R (I1 + I2 + I_e + J - G V_m)",
                   "dI1/dt = -k1 I1, dI2/dt = -k2 I2, dV_th/dt = a (V_m - V_rest) - b (V_th - V_th_inf)",
                   "V_m >= V_th: spike, V_m = V_reset, V_th = max(V_th_reset, V_th), Ix = Rx Ix + Ax",
                   "exact: by the matrix exponential where no receptor is a conductance, else exponential Euler"};
    m.source = "Mihalas & Niebur 2009; defaults of BrainPy's GIF";
    m.receptors = ReceptorPolicy::composed;
    m.constraints = {{"V_reset", "V_th_reset", false}};
    return m;
  }

  struct Parameters {
    double V_rest, V_reset, V_th_inf, V_th_reset, R, tau, a, b, k1, k2, R1, R2, A1, A2, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{
          parameter(&P::tau, "tau", unit::ms, 20.0, range::positive, "membrane time constant"),
          parameter(&P::R, "R", unit::GOhm, 20.0, range::positive, "membrane resistance"),
          parameter(&P::V_rest, "V_rest", unit::mV, -70.0, range::any, "resting potential"),
          parameter(&P::V_reset, "V_reset", unit::mV, -70.0, range::any, "potential after a spike"),
          parameter(&P::V_th_inf, "V_th_inf", unit::mV, -50.0, range::any, "threshold at rest"),
          parameter(&P::V_th_reset, "V_th_reset", unit::mV, -60.0, range::any, "lowest threshold after a spike"),
          parameter(&P::a, "a", unit::per_ms, 0.0, range::any, "how the threshold follows the potential"),
          parameter(&P::b, "b", unit::per_ms, 0.01, range::non_negative, "rate at which the threshold returns"),
          parameter(&P::k1, "k1", unit::per_ms, 0.2, range::non_negative, "decay of I1"),
          parameter(&P::k2, "k2", unit::per_ms, 0.02, range::non_negative, "decay of I2"),
          parameter(&P::R1, "R1", unit::one, 0.0, range::any, "what a spike leaves of I1"),
          parameter(&P::R2, "R2", unit::one, 1.0, range::any, "what a spike leaves of I2"),
          parameter(&P::A1, "A1", unit::pA, 0.0, range::any, "what a spike adds to I1"),
          parameter(&P::A2, "A2", unit::pA, 0.0, range::any, "what a spike adds to I2"),
          parameter(&P::I_e, "I_e", unit::pA, 0.0, range::any, "constant current")};
    }
  };

  /// Besides the parameters, a step of the linear system: how V_m and V_th at its end follow from the variables at its
  /// start (x_from_y), from constants (x_0) and from the current J (x_J).
  struct Constants {
    Real dt, per_tau, V_rest, R, I_e, a, b, V_th_inf, k1, k2, V_reset, V_th_reset, R1, R2, A1, A2;
    Real decay_1, decay_2, V_from_V, V_from_1, V_from_2, V_0, V_J, th_from_V, th_from_1, th_from_2, th_from_th, th_0,
        th_J;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::per_tau, &C::V_rest, &C::R, &C::I_e, &C::a, &C::b, &C::V_th_inf, &C::k1, &C::k2,
                     &C::V_reset, &C::V_th_reset, &C::R1, &C::R2, &C::A1, &C::A2, &C::decay_1, &C::decay_2,
                     &C::V_from_V, &C::V_from_1, &C::V_from_2, &C::V_0, &C::V_J, &C::th_from_V, &C::th_from_1,
                     &C::th_from_2, &C::th_from_th, &C::th_0, &C::th_J);
    }
  };

  struct State {
    Real V_m, V_th, I1, I2;
    static constexpr auto fields() {
      using S = State;
      return std::tuple{state(&S::V_m, "V_m", unit::mV, -70.0, "membrane potential; starts at V_rest"),
                        state(&S::V_th, "V_th", unit::mV, -50.0, "threshold; starts at V_th_inf"),
                        state(&S::I1, "I1", unit::pA, 0.0, "first current set off by spikes"),
                        state(&S::I2, "I2", unit::pA, 0.0, "second current set off by spikes")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    // V, I1, I2, V_th, then the constants 1 and J.
    const double per_tau = 1.0 / p.tau, gain = p.R / p.tau;
    const Matrix<6> system{{{-per_tau, gain, gain, 0, p.V_rest * per_tau + gain * p.I_e, gain},
                            {0, -p.k1, 0, 0, 0, 0},
                            {0, 0, -p.k2, 0, 0, 0},
                            {p.a, 0, 0, -p.b, p.b * p.V_th_inf - p.a * p.V_rest, 0},
                            {},
                            {}}};
    const Matrix<6> step = exponential(system, dt);
    const auto &V = step[0], &th = step[3];
    return {.dt = Real(dt),
            .per_tau = Real(per_tau),
            .V_rest = Real(p.V_rest),
            .R = Real(p.R),
            .I_e = Real(p.I_e),
            .a = Real(p.a),
            .b = Real(p.b),
            .V_th_inf = Real(p.V_th_inf),
            .k1 = Real(p.k1),
            .k2 = Real(p.k2),
            .V_reset = Real(p.V_reset),
            .V_th_reset = Real(p.V_th_reset),
            .R1 = Real(p.R1),
            .R2 = Real(p.R2),
            .A1 = Real(p.A1),
            .A2 = Real(p.A2),
            .decay_1 = Real(step[1][1]),
            .decay_2 = Real(step[2][2]),
            .V_from_V = Real(V[0]),
            .V_from_1 = Real(V[1]),
            .V_from_2 = Real(V[2]),
            .V_0 = Real(V[4]),
            .V_J = Real(V[5]),
            .th_from_V = Real(th[0]),
            .th_from_1 = Real(th[1]),
            .th_from_2 = Real(th[2]),
            .th_from_th = Real(th[3]),
            .th_0 = Real(th[4]),
            .th_J = Real(th[5])};
  }

  static State initial(const Parameters& p) {
    return {.V_m = Real(p.V_rest), .V_th = Real(p.V_th_inf), .I1 = Real(0), .I2 = Real(0)};
  }

  static constexpr auto dynamics() { return members(&State::V_m, &State::V_th, &State::I1, &State::I2); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 4> slopes(const State& s, const Constants& c, const D& drive) {
    const Real I = s.I1 + s.I2 + c.I_e + drive.J - drive.G * s.V_m;
    return {{(c.V_rest - s.V_m + c.R * I) * c.per_tau, c.a * (s.V_m - c.V_rest) - c.b * (s.V_th - c.V_th_inf),
             -c.k1 * s.I1, -c.k2 * s.I2},
            {(Real(1) + c.R * drive.G) * c.per_tau, c.b, c.k1, c.k2}};
  }

  template <class D>
  RANVIER_INLINE static void exact(State& s, const Constants& c, const D& drive) {
    if constexpr (D::has_conductance) {
      ExponentialEuler<Real>{}.template advance<Gif>(s, c, drive);
    } else {
      const State b = s;
      s.V_m = c.V_from_V * b.V_m + c.V_from_1 * b.I1 + c.V_from_2 * b.I2 + c.V_0 + c.V_J * drive.J;
      s.V_th = c.th_from_V * b.V_m + c.th_from_1 * b.I1 + c.th_from_2 * b.I2 + c.th_from_th * b.V_th + c.th_0 +
               c.th_J * drive.J;
      s.I1 *= c.decay_1;
      s.I2 *= c.decay_2;
    }
  }

  RANVIER_INLINE static bool fire(State& s, const State&, const Constants& c) {
    const bool spike = s.V_m >= s.V_th;
    s.V_m = spike ? c.V_reset : s.V_m;
    s.V_th = spike & (s.V_th < c.V_th_reset) ? c.V_th_reset : s.V_th;
    s.I1 = spike ? c.R1 * s.I1 + c.A1 : s.I1;
    s.I2 = spike ? c.R2 * s.I2 + c.A2 : s.I2;
    return spike;
  }
};

static_assert(DynamicNeuron<Gif<double>>);

}  // namespace ranvier
