#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/integrate_and_fire.hpp"

namespace ranvier {

/// Exponential integrate-and-fire: the upstroke of a spike by an exponential, cut at V_th.
template <class Real>
struct ExpIf {
  static constexpr Integrator default_integrator = Integrator::rk4;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "exp_if";
    m.doc = "Exponential integrate-and-fire neuron";
    m.equations = {"tau dV_m/dt = -(V_m - V_rest) + Delta_T exp((V_m - V_T) / Delta_T) + R (I_e + J - G V_m)",
                   reset_equation};
    m.source = "Fourcaud-Trocme, Hansel, van Vreeswijk & Brunel 2003; defaults of BrainPy's ExpIF";
    m.receptors = ReceptorPolicy::composed;
    m.constraints = {{"V_reset", "V_th", false}};
    return m;
  }

  struct Parameters {
    double V_rest, V_reset, V_th, V_T, Delta_T, R, tau, t_ref, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple_cat(
          resistive_fields<P>(-55.0),
          std::tuple{parameter(&P::V_T, "V_T", unit::mV, -59.9, range::any,
                               "potential at which the slope of the exponential is 1"),
                     parameter(&P::Delta_T, "Delta_T", unit::mV, 3.48, range::positive, "sharpness of the upstroke")});
    }
  };

  struct Constants {
    Real dt, per_tau, V_rest, R, I_e, V_T, Delta_T, per_Delta_T, V_th, V_reset, refractory;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::per_tau, &C::V_rest, &C::R, &C::I_e, &C::V_T, &C::Delta_T, &C::per_Delta_T, &C::V_th,
                     &C::V_reset, &C::refractory);
    }
  };

  using State = IntegrateAndFireState<Real>;

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .per_tau = Real(1.0 / p.tau),
            .V_rest = Real(p.V_rest),
            .R = Real(p.R),
            .I_e = Real(p.I_e),
            .V_T = Real(p.V_T),
            .Delta_T = Real(p.Delta_T),
            .per_Delta_T = Real(1.0 / p.Delta_T),
            .V_th = Real(p.V_th),
            .V_reset = Real(p.V_reset),
            .refractory = Real(refractory_steps(p.t_ref, dt))};
  }

  static State initial(const Parameters& p) { return {.V_m = Real(p.V_rest), .refractory = Real(0)}; }

  static constexpr auto dynamics() { return members(&State::V_m); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 1> slopes(const State& s, const Constants& c, const D& drive) {
    const Real V = at_most(s.V_m, c.V_th);
    const Real upstroke = math::exp((V - c.V_T) * c.per_Delta_T);
    const Real rate = (c.V_rest - V + c.Delta_T * upstroke + c.R * (c.I_e + drive.J - drive.G * V)) * c.per_tau;
    const Real decay = (Real(1) - upstroke + c.R * drive.G) * c.per_tau;
    return unless_resting(s, Slopes<Real, 1>{{rate}, {decay}});
  }

  RANVIER_INLINE static bool fire(State& s, const State&, const Constants& c) { return fire_or_rest(s, c, c.V_th); }
};

static_assert(DynamicNeuron<ExpIf<double>>);

}  // namespace ranvier
