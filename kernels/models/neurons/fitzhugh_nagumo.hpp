#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/gates.hpp"

namespace ranvier {

/// Excitability in two dimensionless variables (FitzHugh 1961, Nagumo et al. 1962). FitzHugh's own variables are in another
/// unit of time: his c = 3 is tau = c^2 = 9 here.
template <class Real>
struct FitzhughNagumo {
  static constexpr Integrator default_integrator = Integrator::rk4;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "fitzhugh_nagumo";
    m.doc = "Excitability in two dimensionless variables";
    m.equations = {"dV_m/dt = V_m - V_m^3 / 3 - w + I_e + J - G V_m", "tau dw/dt = V_m + a - b w",
                   "V_m crosses V_th upwards: spike; time is in ms"};
    m.source = "FitzHugh 1961, Biophys. J. 1:445; defaults of BrainPy 2.8";
    m.receptors = ReceptorPolicy::composed;
    m.current_unit = unit::one;
    m.conductance_unit = unit::one;
    return m;
  }

  struct Parameters {
    double a, b, tau, V_th, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{parameter(&P::a, "a", unit::one, 0.7, range::any, "offset of the recovery"),
                        parameter(&P::b, "b", unit::one, 0.8, range::any, "decay of the recovery"),
                        parameter(&P::tau, "tau", unit::ms, 12.5, range::positive, "time constant of the recovery"),
                        parameter(&P::V_th, "V_th", unit::one, 1.8, range::any, "a spike is an upward crossing of it"),
                        parameter(&P::I_e, "I_e", unit::one, 0.0, range::any, "constant current")};
    }
  };

  struct Constants {
    Real dt, a, b, per_tau, V_th, I_e;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::a, &C::b, &C::per_tau, &C::V_th, &C::I_e);
    }
  };

  struct State {
    Real V_m, w;
    static constexpr auto fields() {
      return std::tuple{state(&State::V_m, "V_m", unit::one, 0.0, "membrane variable"),
                        state(&State::w, "w", unit::one, 0.0, "recovery")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .a = Real(p.a),
            .b = Real(p.b),
            .per_tau = Real(1.0 / p.tau),
            .V_th = Real(p.V_th),
            .I_e = Real(p.I_e)};
  }

  static State initial(const Parameters&) { return {.V_m = Real(0), .w = Real(0)}; }

  static constexpr auto dynamics() { return members(&State::V_m, &State::w); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 2> slopes(const State& s, const Constants& c, const D& drive) {
    const Real V = s.V_m, V2 = V * V;
    const Real grown = V - V2 * V * Real(1.0 / 3) - s.w + c.I_e + drive.J - drive.G * V;
    return {{grown, (V + c.a - c.b * s.w) * c.per_tau}, {V2 - Real(1) + drive.G, c.b * c.per_tau}};
  }

  RANVIER_INLINE static bool fire(const State& s, const State& before, const Constants& c) {
    return crosses_upwards(before, s, c);
  }
};

static_assert(DynamicNeuron<FitzhughNagumo<double>>);

}  // namespace ranvier
