#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/integrate_and_fire.hpp"

namespace ranvier {

/// Izhikevich's simple model. Its capacitance is 1 pF, so that a current in pA is a slope in mV/ms.
template <class Real>
struct Izhikevich {
  static constexpr Integrator default_integrator = Integrator::rk4;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "izhikevich";
    m.doc = "Simple model of spiking neurons of Izhikevich";
    m.equations = {"C dV_m/dt = p2 V_m^2 + p1 V_m + p0 - u + I_e + J - G V_m with C = 1 pF", "du/dt = a (b V_m - u)",
                   "V_m >= V_th: spike, V_m = c for t_ref, u += d"};
    m.source =
        "Izhikevich 2003; V_m and u at rest solve b V_m = u = p2 V_m^2 + p1 V_m + p0 at the start where they can";
    m.receptors = ReceptorPolicy::composed;
    m.constraints = {{"c", "V_th", false}};
    return m;
  }

  struct Parameters {
    double a, b, c, d, p0, p1, p2, V_th, t_ref, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      constexpr Unit pA_per_mV2{"pA/mV^2", {.voltage = -2, .current = 1}, 1e-6};
      return std::tuple{parameter(&P::a, "a", unit::per_ms, 0.02, range::any, "rate of recovery"),
                        parameter(&P::b, "b", unit::nS, 0.2, range::any, "recovery by the potential"),
                        parameter(&P::c, "c", unit::mV, -65.0, range::any, "potential after a spike"),
                        parameter(&P::d, "d", unit::pA, 8.0, range::any, "recovery by a spike"),
                        parameter(&P::p0, "p0", unit::pA, 140.0, range::any, "constant term"),
                        parameter(&P::p1, "p1", unit::nS, 5.0, range::any, "linear term"),
                        parameter(&P::p2, "p2", pA_per_mV2, 0.04, range::positive, "quadratic term"),
                        parameter(&P::V_th, "V_th", unit::mV, 30.0, range::any, "peak of a spike"),
                        parameter(&P::t_ref, "t_ref", unit::ms, 0.0, range::non_negative, "refractory time"),
                        parameter(&P::I_e, "I_e", unit::pA, 0.0, range::any, "constant current")};
    }
  };

  struct Constants {
    Real dt, a, b, d, p0, p1, p2, V_th, V_reset, refractory;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::a, &C::b, &C::d, &C::p0, &C::p1, &C::p2, &C::V_th, &C::V_reset, &C::refractory);
    }
  };

  struct State {
    Real V_m, refractory, u;
    static constexpr auto fields() {
      return std::tuple_cat(
          integrate_and_fire_states<State, Real>("membrane potential; starts at rest, or at c where there is none"),
          std::tuple{state(&State::u, "u", unit::pA, -14.0, "recovery; starts at b V_m")});
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .a = Real(p.a),
            .b = Real(p.b),
            .d = Real(p.d),
            .p0 = Real(p.p0 + p.I_e),
            .p1 = Real(p.p1),
            .p2 = Real(p.p2),
            .V_th = Real(p.V_th),
            .V_reset = Real(p.c),
            .refractory = Real(refractory_steps(p.t_ref, dt))};
  }

  /// The lower, stable root of p2 V^2 + (p1 - b) V + p0 = 0: rest without current.
  static State initial(const Parameters& p) {
    const double linear = p.p1 - p.b, discriminant = linear * linear - 4.0 * p.p2 * p.p0;
    const double V = discriminant >= 0.0 ? (-linear - math::sqrt(discriminant)) / (2.0 * p.p2) : p.c;
    return {.V_m = Real(V), .refractory = Real(0), .u = Real(p.b * V)};
  }

  static constexpr auto dynamics() { return members(&State::V_m, &State::u); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 2> slopes(const State& s, const Constants& c, const D& drive) {
    const Real V = at_most(s.V_m, c.V_th);
    const Real linear = c.p1 - drive.G;
    return unless_resting(s, Slopes<Real, 2>{{(c.p2 * V + linear) * V + c.p0 - s.u + drive.J, c.a * (c.b * V - s.u)},
                                             {-(Real(2) * c.p2 * V + linear), c.a}});
  }

  RANVIER_INLINE static bool fire(State& s, const State&, const Constants& c) {
    const bool spike = fire_or_rest(s, c, c.V_th);
    s.u = spike ? s.u + c.d : s.u;
    return spike;
  }
};

static_assert(DynamicNeuron<Izhikevich<double>>);

}  // namespace ranvier
