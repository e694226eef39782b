#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/integrate_and_fire.hpp"

namespace ranvier {

/// Leaky integrate-and-fire with an adaptive threshold. A spike takes the distance from rest to the lowest threshold off
/// the potential, as in the paper, where rest is 0.
template <class Real>
struct Alif {
  static constexpr Integrator default_integrator = Integrator::exact;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "alif";
    m.doc = "Leaky integrate-and-fire neuron with an adaptive threshold";
    m.equations = {"tau dV_m/dt = -(V_m - V_rest) + R (I_e + J - G V_m)", "tau_a da/dt = -a",
                   "V_m >= V_th + beta a: spike, V_m -= V_th - V_rest, a += 1; none follows within t_ref"};
    m.source = "Bellec et al. 2020; defaults of BrainPy's ALIFBellec2020";
    m.receptors = ReceptorPolicy::composed;
    m.constraints = {{"V_rest", "V_th", false}};
    return m;
  }

  struct Parameters {
    double V_rest, V_th, R, beta, tau, tau_a, t_ref, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{
          parameter(&P::tau, "tau", unit::ms, 20.0, range::positive, "membrane time constant"),
          parameter(&P::R, "R", unit::GOhm, 1.0, range::positive, "membrane resistance"),
          parameter(&P::V_rest, "V_rest", unit::mV, -70.0, range::any, "resting potential"),
          parameter(&P::V_th, "V_th", unit::mV, -60.0, range::any, "threshold without adaptation"),
          parameter(&P::beta, "beta", unit::mV, 1.6, range::any, "rise of the threshold by a spike"),
          parameter(&P::tau_a, "tau_a", unit::ms, 2000.0, range::positive, "time constant of adaptation"),
          parameter(&P::t_ref, "t_ref", unit::ms, 0.0, range::non_negative, "time without a spike after a spike"),
          parameter(&P::I_e, "I_e", unit::pA, 0.0, range::any, "constant current")};
    }
  };

  struct Constants {
    Real dt, per_tau, per_tau_a, decay, decay_a, V_rest, R, J_0, V_th, beta, fall, refractory;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::per_tau, &C::per_tau_a, &C::decay, &C::decay_a, &C::V_rest, &C::R, &C::J_0, &C::V_th,
                     &C::beta, &C::fall, &C::refractory);
    }
  };

  struct State {
    Real V_m, refractory, a;
    static constexpr auto fields() {
      return std::tuple_cat(integrate_and_fire_states<State, Real>("membrane potential; starts at V_rest"),
                            std::tuple{state(&State::a, "a", unit::one, 0.0, "adaptation")});
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .per_tau = Real(1.0 / p.tau),
            .per_tau_a = Real(1.0 / p.tau_a),
            .decay = Real(math::exp(-dt / p.tau)),
            .decay_a = Real(math::exp(-dt / p.tau_a)),
            .V_rest = Real(p.V_rest),
            .R = Real(p.R),
            .J_0 = Real(p.I_e),
            .V_th = Real(p.V_th),
            .beta = Real(p.beta),
            .fall = Real(p.V_th - p.V_rest),
            .refractory = Real(refractory_steps(p.t_ref, dt))};
  }

  static State initial(const Parameters& p) { return {.V_m = Real(p.V_rest), .refractory = Real(0), .a = Real(0)}; }

  static constexpr auto dynamics() { return members(&State::V_m, &State::a); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 2> slopes(const State& s, const Constants& c, const D& drive) {
    const Real rate = c.V_rest - s.V_m + c.R * (c.J_0 + drive.J - drive.G * s.V_m);
    return {{rate * c.per_tau, -s.a * c.per_tau_a}, {(Real(1) + c.R * drive.G) * c.per_tau, c.per_tau_a}};
  }

  template <class D>
  RANVIER_INLINE static void exact(State& s, const Constants& c, const D& drive) {
    const Real V_J = c.V_rest + c.R * (c.J_0 + drive.J);
    if constexpr (D::has_conductance) {
      const Real leak = Real(1) + c.R * drive.G, V_inf = V_J / leak;
      s.V_m = V_inf + (s.V_m - V_inf) * math::exp(-c.dt * leak * c.per_tau);
    } else {
      s.V_m = V_J + (s.V_m - V_J) * c.decay;
    }
    s.a *= c.decay_a;
  }

  RANVIER_INLINE static bool fire(State& s, const State&, const Constants& c) {
    const bool resting = s.refractory > Real(0);
    const bool spike = !resting & (s.V_m >= c.V_th + c.beta * s.a);
    s.V_m = spike ? s.V_m - c.fall : s.V_m;
    s.a = spike ? s.a + Real(1) : s.a;
    s.refractory = spike ? c.refractory : (resting ? s.refractory - Real(1) : Real(0));
    return spike;
  }
};

static_assert(DynamicNeuron<Alif<double>>);

}  // namespace ranvier
