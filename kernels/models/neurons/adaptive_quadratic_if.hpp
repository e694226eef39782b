#pragma once
#include "kernels/models/neurons/quadratic_if.hpp"

namespace ranvier {

/// The quadratic neuron with adaptation, in mV as the membrane.
template <class Real>
struct AdaptiveQuadraticIf {
  static constexpr Integrator default_integrator = Integrator::rk4;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "adaptive_quadratic_if";
    m.doc = "Quadratic integrate-and-fire neuron with adaptation";
    m.equations = {"tau dV_m/dt = c (V_m - V_rest) (V_m - V_c) - w + R (I_e + J - G V_m)",
                   "tau_w dw/dt = a (V_m - V_rest) - w", std::string(reset_equation) + "; w += b"};
    m.source = "Izhikevich 2004, Touboul 2009; defaults of BrainPy's AdQuaIF";
    m.receptors = ReceptorPolicy::composed;
    m.constraints = {{"V_reset", "V_th", false}};
    return m;
  }

  struct Parameters {
    double V_rest, V_reset, V_th, V_c, a, b, c, R, tau, tau_w, t_ref, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple_cat(
          resistive_fields<P>(-30.0), quadratic_fields<P>(),
          std::tuple{parameter(&P::a, "a", unit::one, 1.0, range::any, "adaptation by the potential"),
                     parameter(&P::b, "b", unit::mV, 0.1, range::any, "adaptation by a spike"),
                     parameter(&P::tau_w, "tau_w", unit::ms, 10.0, range::positive, "time constant of adaptation")});
    }
  };

  struct Constants : QuadraticIf<Real>::Constants {
    Real a, b, per_tau_w;
    static constexpr auto fields() {
      using C = Constants;
      return std::tuple_cat(QuadraticIf<Real>::Constants::fields(), members(&C::a, &C::b, &C::per_tau_w));
    }
  };

  struct State {
    Real V_m, refractory, w;
    static constexpr auto fields() {
      return std::tuple_cat(integrate_and_fire_states<State, Real>("membrane potential; starts at V_rest"),
                            std::tuple{state(&State::w, "w", unit::mV, 0.0, "adaptation")});
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    const typename QuadraticIf<Real>::Parameters membrane{.V_rest = p.V_rest,
                                                          .V_reset = p.V_reset,
                                                          .V_th = p.V_th,
                                                          .V_c = p.V_c,
                                                          .c = p.c,
                                                          .R = p.R,
                                                          .tau = p.tau,
                                                          .t_ref = p.t_ref,
                                                          .I_e = p.I_e};
    return {QuadraticIf<Real>::derive(membrane, dt), Real(p.a), Real(p.b), Real(1.0 / p.tau_w)};
  }

  static State initial(const Parameters& p) { return {.V_m = Real(p.V_rest), .refractory = Real(0), .w = Real(0)}; }

  static constexpr auto dynamics() { return members(&State::V_m, &State::w); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 2> slopes(const State& s, const Constants& c, const D& drive) {
    const auto membrane = QuadraticIf<Real>::slopes({s.V_m, Real(0)}, c, drive);
    const Real V = at_most(s.V_m, c.V_th);
    return unless_resting(
        s, Slopes<Real, 2>{{membrane.rate[0] - s.w * c.per_tau, (c.a * (V - c.V_rest) - s.w) * c.per_tau_w},
                           {membrane.decay[0], c.per_tau_w}});
  }

  RANVIER_INLINE static bool fire(State& s, const State&, const Constants& c) {
    const bool spike = fire_or_rest(s, c, c.V_th);
    s.w = spike ? s.w + c.b : s.w;
    return spike;
  }
};

static_assert(DynamicNeuron<AdaptiveQuadraticIf<double>>);

}  // namespace ranvier
