#pragma once
#include "kernels/model/dynamics.hpp"
#include "kernels/models/neurons/gates.hpp"

namespace ranvier {

/// Bursting in three dimensionless variables (Hindmarsh & Rose 1984). V_m is the paper's x, a unit of its time 1 ms. The
/// paper's adaptation is slower: r = 0.001.
template <class Real>
struct HindmarshRose {
  static constexpr Integrator default_integrator = Integrator::rk4;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "hindmarsh_rose";
    m.doc = "Bursting in three dimensionless variables; r of the paper is 0.001";
    m.equations = {"dV_m/dt = y - a V_m^3 + b V_m^2 - z + I_e + J - G V_m", "dy/dt = c - d V_m^2 - y",
                   "dz/dt = r (s (V_m - x_rest) - z)", "V_m crosses V_th upwards: spike; time is in ms"};
    m.source = "Hindmarsh & Rose 1984, Proc. R. Soc. Lond. B 221:87; defaults of BrainPy 2.8";
    m.receptors = ReceptorPolicy::composed;
    m.current_unit = unit::one;
    m.conductance_unit = unit::one;
    return m;
  }

  struct Parameters {
    double a, b, c, d, r, s, x_rest, V_th, I_e;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple{parameter(&P::a, "a", unit::one, 1.0, range::positive, "weight of the cube"),
                        parameter(&P::b, "b", unit::one, 3.0, range::any, "weight of the square"),
                        parameter(&P::c, "c", unit::one, 1.0, range::any, "growth of y"),
                        parameter(&P::d, "d", unit::one, 5.0, range::any, "how a spike lowers y"),
                        parameter(&P::r, "r", unit::one, 0.01, range::positive, "rate of the adaptation z"),
                        parameter(&P::s, "s", unit::one, 4.0, range::any, "strength of the adaptation"),
                        parameter(&P::x_rest, "x_rest", unit::one, -1.6, range::any, "V_m at which z tends to 0"),
                        parameter(&P::V_th, "V_th", unit::one, 1.0, range::any, "a spike is an upward crossing of it"),
                        parameter(&P::I_e, "I_e", unit::one, 0.0, range::any, "constant current")};
    }
  };

  struct Constants {
    Real dt, a, b, c, d, r, s, x_rest, V_th, I_e;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::dt, &C::a, &C::b, &C::c, &C::d, &C::r, &C::s, &C::x_rest, &C::V_th, &C::I_e);
    }
  };

  struct State {
    Real V_m, y, z;
    static constexpr auto fields() {
      return std::tuple{state(&State::V_m, "V_m", unit::one, -1.6, "membrane variable x; starts at x_rest"),
                        state(&State::y, "y", unit::one, -11.8, "recovery; starts where it stays at x_rest"),
                        state(&State::z, "z", unit::one, 0.0, "adaptation")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    return {.dt = Real(dt),
            .a = Real(p.a),
            .b = Real(p.b),
            .c = Real(p.c),
            .d = Real(p.d),
            .r = Real(p.r),
            .s = Real(p.s),
            .x_rest = Real(p.x_rest),
            .V_th = Real(p.V_th),
            .I_e = Real(p.I_e)};
  }

  static State initial(const Parameters& p) {
    return {.V_m = Real(p.x_rest), .y = Real(p.c - p.d * p.x_rest * p.x_rest), .z = Real(0)};
  }

  static constexpr auto dynamics() { return members(&State::V_m, &State::y, &State::z); }

  template <class D>
  RANVIER_INLINE static Slopes<Real, 3> slopes(const State& s, const Constants& c, const D& drive) {
    const Real x = s.V_m, x2 = x * x;
    const Real grown = s.y - c.a * x2 * x + c.b * x2 - s.z + c.I_e + drive.J - drive.G * x;
    return {{grown, c.c - c.d * x2 - s.y, c.r * (c.s * (x - c.x_rest) - s.z)},
            {Real(3) * c.a * x2 - Real(2) * c.b * x + drive.G, Real(1), c.r}};
  }

  RANVIER_INLINE static bool fire(const State& s, const State& before, const Constants& c) {
    return crosses_upwards(before, s, c);
  }
};

static_assert(DynamicNeuron<HindmarshRose<double>>);

}  // namespace ranvier
