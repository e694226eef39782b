#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/integrate_and_fire.hpp"

namespace ranvier {

/// Quadratic integrate-and-fire: the normal form of a saddle-node bifurcation.
template <class Real>
struct QuadraticIf {
  static constexpr Integrator default_integrator = Integrator::rk4;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "quadratic_if";
    m.doc = "Quadratic integrate-and-fire neuron";
    m.equations = {"tau dV_m/dt = c (V_m - V_rest) (V_m - V_c) + R (I_e + J - G V_m)", reset_equation};
    m.source = "Latham, Richmond, Nelson & Nirenberg 2000; defaults of BrainPy's QuaIF";
    m.receptors = ReceptorPolicy::composed;
    m.constraints = {{"V_reset", "V_th", false}};
    return m;
  }

  struct Parameters {
    double V_rest, V_reset, V_th, V_c, c, R, tau, t_ref, I_e;
    static constexpr auto fields() {
      return std::tuple_cat(resistive_fields<Parameters>(-30.0), quadratic_fields<Parameters>());
    }
  };

  struct Constants {
    Real dt, per_tau, curvature, V_rest, V_c, R, I_e, V_th, V_reset, refractory;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::per_tau, &C::curvature, &C::V_rest, &C::V_c, &C::R, &C::I_e, &C::V_th, &C::V_reset,
                     &C::refractory);
    }
  };

  using State = IntegrateAndFireState<Real>;

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .per_tau = Real(1.0 / p.tau),
            .curvature = Real(p.c),
            .V_rest = Real(p.V_rest),
            .V_c = Real(p.V_c),
            .R = Real(p.R),
            .I_e = Real(p.I_e),
            .V_th = Real(p.V_th),
            .V_reset = Real(p.V_reset),
            .refractory = Real(refractory_steps(p.t_ref, dt))};
  }

  static State initial(const Parameters& p) { return {.V_m = Real(p.V_rest), .refractory = Real(0)}; }

  static constexpr auto dynamics() { return members(&State::V_m); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 1> slopes(const State& s, const Constants& c, const D& drive) {
    const Real V = at_most(s.V_m, c.V_th), x = V - c.V_rest, y = V - c.V_c;
    const Real rate = c.curvature * x * y + c.R * (c.I_e + drive.J - drive.G * V);
    const Real decay = c.R * drive.G - c.curvature * (x + y);
    return unless_resting(s, Slopes<Real, 1>{{rate * c.per_tau}, {decay * c.per_tau}});
  }

  RANVIER_INLINE static bool fire(State& s, const State&, const Constants& c) { return fire_or_rest(s, c, c.V_th); }
};

static_assert(DynamicNeuron<QuadraticIf<double>>);

}  // namespace ranvier
