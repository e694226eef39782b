#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "kernels/model/dynamics.hpp"

/// The methods of integration as pure functions: orders of convergence on a nonlinear system with a closed form, exactness
/// where it is promised, the tolerance of rkf45, and what each converges to where noise multiplies the potential.
namespace ranvier {
namespace {

/// V' = J - (G + g_L + n) V, n' = -n^2: with u = 1 + n_0 t and a = G + g_L,
/// n = n_0 / u, V = e^(-a t) / u (V_0 + J integral of u e^(a t)).
struct Membrane {
  static inline long evaluations = 0;
  struct State {
    double V_m, n;
  };
  struct Constants {
    double dt, g_L;
  };
  static constexpr auto dynamics() { return members(&State::V_m, &State::n); }
  template <class D>
  static Slopes<double, 2> slopes(const State& s, const Constants& c, const D& drive) {
    ++evaluations;
    const double g = c.g_L + drive.G + s.n;
    return {{drive.J - g * s.V_m, -s.n * s.n}, {g, 2 * s.n}};
  }
};

/// The same, for the exponential method's quotient in place of an exponential.
struct DecayingMembrane : Membrane {
  static constexpr bool only_decays = true;
};

constexpr double g_L = 0.5;
constexpr Drive<double> drive{0.75, 2.0, 0.0};

Membrane::State solution(const Membrane::State& start, double t) {
  const double a = g_L + drive.G, u = 1 + start.n * t, e = std::exp(a * t);
  const double integral = e * (u / a - start.n / (a * a)) - (1 / a - start.n / (a * a));
  return {(start.V_m + drive.J * integral) / (e * u), start.n / u};
}

constexpr Membrane::State from{3.0, 1.5};
constexpr double duration = 2.0;

template <class Model, class Method>
Membrane::State after(const Method& method, const Membrane::State& start, int steps) {
  Membrane::State s = start;
  const Membrane::Constants c{duration / steps, g_L};
  for (int i = 0; i < steps; ++i) method.template advance<Model>(s, c, drive);
  return s;
}

double distance(const Membrane::State& a, const Membrane::State& b) {
  return std::max(std::abs(a.V_m - b.V_m), std::abs(a.n - b.n));
}

/// The error is C dt^p (1 + O(dt)): from one dt to its half it falls by 2^p to within O(dt), here below 0.05 of p.
template <class Model, class Method>
void expect_order(const Method& method, int order, int steps) {
  const auto exact = solution(from, duration);
  double last = distance(after<Model>(method, from, steps), exact);
  for (int halvings = 0; halvings < 3; ++halvings) {
    steps *= 2;
    const double error = distance(after<Model>(method, from, steps), exact);
    EXPECT_NEAR(std::log2(last / error), order, 0.05) << steps << " steps";
    last = error;
  }
  EXPECT_GT(last, 1e-12);  // or rounding was measured
}

TEST(Integrators, Order) {
  expect_order<Membrane>(Euler<double>{}, 1, 256);
  expect_order<Membrane>(ExponentialEuler<double>{}, 1, 256);
  expect_order<DecayingMembrane>(ExponentialEuler<double>{}, 1, 256);
  expect_order<Membrane>(ExponentialMidpoint<double>{}, 2, 128);
  expect_order<DecayingMembrane>(ExponentialMidpoint<double>{}, 2, 128);
  expect_order<Membrane>(Rk2<double>{}, 2, 128);
  expect_order<Membrane>(Heun<double>{}, 2, 128);
  expect_order<Membrane>(Rk4<double>{}, 4, 64);
  EXPECT_EQ(integrator_named("euler_maruyama"), Integrator::euler);
}

/// Beyond its limit a method takes a slower step; up to it the pace is exactly 1, and negative decays and NaN are left alone.
TEST(Integrators, StablePace) {
  using detail::stable_pace;
  for (const double z : {-1e300, -1.0, 0.0, 1.0, 2.78}) EXPECT_EQ(stable_pace(z, 2.78, 2.0), 1.0) << z;
  EXPECT_EQ(stable_pace(std::nan(""), 2.78, 2.0), 1.0);
  for (double z = 2.7801; z < 1e300; z *= 1.37)
    for (const double reach : {1.0, 2.0}) {
      EXPECT_GE(z * stable_pace(z, 2.78, reach), 0.5 * reach) << z;
      EXPECT_LT(z * stable_pace(z, 2.78, reach), reach) << z;
    }
  for (float z = 2.7801f; z < 1e37f; z *= 1.37f) {
    EXPECT_GE(z * stable_pace(z, 2.78f, 2.0f), 1.0f) << z;
    EXPECT_LT(z * stable_pace(z, 2.78f, 2.0f), 2.0f) << z;
  }
}

/// V' = J - g V from above its equilibrium J / g: no method passes it, however large g dt, and each leaves less than 0.65 of
/// the distance (the largest value of 1 - z + z^2 / 2 from z = 1/2 to 1 is 0.625). `slack`: rounding, or the tolerance of
/// rkf45, which is 1e-6 of 1 + |V| in each of its steps.
template <class Method>
void expect_monotonous(const Method& method, double over, double slack = 4e-15) {
  for (double g = 0.01; g < 1e12; g *= 1.7) {
    const Drive<double> strong{g, 3.0 * g, 0.0};
    Membrane::State s{10.0, 0.0};
    method.template advance<Membrane>(s, Membrane::Constants{1.0, 0.0}, strong);
    if (g <= over) continue;
    EXPECT_GE(s.V_m, 3.0 - slack) << g;
    EXPECT_LE(s.V_m - 3.0, 0.65 * 7.0) << g;
  }
}

TEST(Integrators, StrongConductancesDoNotPassTheirReversalPotential) {
  expect_monotonous(Euler<double>{}, 2.0);
  expect_monotonous(Rk2<double>{}, 2.0);
  expect_monotonous(Heun<double>{}, 2.0);
  expect_monotonous(Rk4<double>{}, 2.78);
  expect_monotonous(Rkf45<double>{}, 2.78, 1e-4);
}

/// Alone and linear (n = 0) a variable has its exact solution, whatever the step: here one of 2 ms, z = a dt = 2.5.
TEST(Integrators, ExponentialEulerIsExactForLinearEquations) {
  const Membrane::State start{3.0, 0.0};
  const double exact = solution(start, duration).V_m;
  for (const int steps : {1, 2, 1000})
    EXPECT_NEAR(after<Membrane>(ExponentialEuler<double>{}, start, steps).V_m, exact, steps * 4e-16) << steps;
  // The quotient: e^-z too large by at most 2.2e-9 z^10 / (1 + ...), times |V - V_inf| < 1.5 a step.
  for (const int steps : {20, 1000}) {
    const double z = 1.25 * duration / steps;
    EXPECT_NEAR(after<DecayingMembrane>(ExponentialEuler<double>{}, start, steps).V_m, exact,
                steps * (1.5 * 2.2e-9 * std::pow(z, 10) + 4e-16));
  }
}

/// Each step inside a step is wrong by at most tolerance (1 + |x|), and the system contracts, so that the error is at most
/// their sum. With a coarser tolerance there are fewer.
TEST(Integrators, Rkf45KeepsItsTolerance) {
  const auto exact = solution(from, duration);
  long most = 0;
  for (const double tolerance : {1e-4, 1e-6, 1e-8, 1e-10, 1e-12}) {
    Membrane::evaluations = 0;
    const double error = distance(after<Membrane>(Rkf45<double>{tolerance}, from, 1), exact);
    const double attempts = static_cast<double>(Membrane::evaluations) / 6;
    EXPECT_LE(error, attempts * tolerance * (1 + from.V_m)) << tolerance;
    EXPECT_GT(Membrane::evaluations, most) << tolerance;
    most = Membrane::evaluations;
  }
  EXPECT_GT(most, 6 * 30);
}

/// dV = -g V dt - s V dW: a membrane whose conductance is white noise around g, with its reversal potential at 0. With the
/// noise held over a step, G = g + s (dW of the step) / dt.
/// Ito: V = V_0 exp(-(g + s^2 / 2) t - s W), Stratonovich: V = V_0 exp(-g t - s W) (Kloeden & Platen 1992, section 4.4).
struct NoisyMembrane {
  struct State {
    double V_m;
  };
  struct Constants {
    double dt;
  };
  static constexpr auto dynamics() { return members(&State::V_m); }
  template <class D>
  static Slopes<double, 1> slopes(const State& s, const Constants&, const D& d) {
    return {{d.J - d.G * s.V_m}, {d.G}};
  }
};

constexpr double g = 1.0, strength = 0.6, until = 1.0;
constexpr int finest = 4096, paths = 2000;

/// Mean distance at the end from the solution on the same Brownian paths, for steps of 1 / 64 ... 1 / 1024.
struct StrongErrors {
  std::vector<double> dt, ito, stratonovich, relative_error;
};

template <class Method>
StrongErrors strong_errors(const Method& method) {
  StrongErrors out;
  for (int steps = 64; steps <= 1024; steps *= 2) {
    std::mt19937_64 random(5);  // the same paths for every dt and method
    std::normal_distribution<double> increment(0.0, std::sqrt(until / finest));
    const NoisyMembrane::Constants c{until / steps};
    double to_ito = 0.0, to_stratonovich = 0.0;
    for (int path = 0; path < paths; ++path) {
      NoisyMembrane::State s{1.0};
      double W = 0.0;
      for (int step = 0; step < steps; ++step) {
        double dW = 0.0;
        for (int i = 0; i < finest / steps; ++i) dW += increment(random);
        method.template advance<NoisyMembrane>(s, c, Drive<double>{g + strength * dW / c.dt, 0.0, 0.0});
        W += dW;
      }
      to_ito += std::abs(s.V_m - std::exp(-(g + strength * strength / 2) * until - strength * W));
      to_stratonovich += std::abs(s.V_m - std::exp(-g * until - strength * W));
    }
    out.dt.push_back(c.dt);
    out.ito.push_back(to_ito / paths);
    out.stratonovich.push_back(to_stratonovich / paths);
  }
  return out;
}

/// Slope of log error over log dt from the first to the last dt, a factor of 16. Each mean over 2000 paths of errors that
/// spread as their mean does is 2.2 % off: 3.3 sqrt(2) 0.022 / ln 16 = 0.04 in the slope. The next order adds O(sqrt(dt)),
/// 0.125 at the first dt: another 0.125 / ln 16 = 0.05.
double observed_order(const StrongErrors& e, const std::vector<double>& error) {
  return std::log(error.front() / error.back()) / std::log(e.dt.front() / e.dt.back());
}
constexpr double order_tolerance = 0.09;

TEST(StochasticIntegrators, EulerMaruyamaConvergesToItoWithOrderOneHalf) {
  const auto e = strong_errors(Euler<double>{});
  EXPECT_NEAR(observed_order(e, e.ito), 0.5, order_tolerance);
  // The other solution stays away by the factor e^(s^2 / 2) = 1.2 of a mean of exp(-g t) = 0.37.
  EXPECT_GT(e.stratonovich.back(), 0.05);
}

TEST(StochasticIntegrators, HeunConvergesToStratonovichWithOrderOne) {
  const auto e = strong_errors(Heun<double>{});
  EXPECT_NEAR(observed_order(e, e.stratonovich), 1.0, order_tolerance);
  EXPECT_GT(e.ito.back(), 0.05);
}

/// Methods of an order above 1 in the step solve what the noise held over a step gives, whose limit is Stratonovich's
/// solution (Wong & Zakai 1965). The exponential method is exact for this membrane.
TEST(StochasticIntegrators, OthersConvergeToStratonovich) {
  const auto exponential = strong_errors(ExponentialEuler<double>{});
  EXPECT_LT(exponential.stratonovich.front(), 1e-13);
  for (const auto& e : {strong_errors(Rk2<double>{}), strong_errors(Rk4<double>{})}) {
    EXPECT_LT(e.stratonovich.back(), e.stratonovich.front() / 8);
    EXPECT_GT(e.ito.back(), 0.05);
  }
}

/// dV = (J - g V) dt + s dW: additive noise, for which Euler's method has the strong order 1. Its distance from a solution on
/// the finest grid of the same path.
TEST(StochasticIntegrators, EulerMaruyamaHasOrderOneForCurrents) {
  std::vector<double> error;
  for (const int steps : {64, 1024}) {
    std::mt19937_64 random(6);
    std::normal_distribution<double> increment(0.0, std::sqrt(until / finest));
    const NoisyMembrane::Constants c{until / steps};
    double sum = 0.0;
    for (int path = 0; path < paths; ++path) {
      NoisyMembrane::State s{1.0};
      double fine = 1.0;
      const double decay = std::exp(-g * until / finest);
      for (int step = 0; step < steps; ++step) {
        double dW = 0.0;
        for (int i = 0; i < finest / steps; ++i) {
          const double part = increment(random);
          // Noise acts in the middle of a fine step: wrong by O(1 / finest^1.5) only.
          fine = fine * decay + strength * part * std::sqrt(decay);
          dW += part;
        }
        Euler<double>{}.advance<NoisyMembrane>(s, c, Drive<double>{g, strength * dW / c.dt, 0.0});
      }
      sum += std::abs(s.V_m - fine);
    }
    error.push_back(sum / paths);
  }
  EXPECT_NEAR(std::log(error[0] / error[1]) / std::log(16), 1.0, order_tolerance);
}

}  // namespace
}  // namespace ranvier
