#pragma once
#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "kernels/math/math.hpp"
#include "kernels/space/portable.hpp"

/// Methods that take a neuron over a step. The drive is constant over the step; a method has
///   advance<Model>(s, c, drive)   the state s at the start of the step becomes that at its end.
/// Orders of convergence are those of a smooth solution under a constant drive.
namespace ranvier {

/// The methods that a config can choose.
enum class Integrator { exact, exponential_euler, exponential_midpoint, euler, rk2, heun, rk4, rkf45 };

inline constexpr std::array<std::pair<std::string_view, Integrator>, 9> integrator_names{
    {{"exact", Integrator::exact},  // of linear models
     {"exponential_euler", Integrator::exponential_euler},
     {"exponential_midpoint", Integrator::exponential_midpoint},
     {"euler", Integrator::euler},
     {"euler_maruyama", Integrator::euler},  // what the same method is called where the drive is noise
     {"rk2", Integrator::rk2},
     {"heun", Integrator::heun},
     {"rk4", Integrator::rk4},
     {"rkf45", Integrator::rkf45}}};

/// By the name in a config, which has been checked.
constexpr Integrator integrator_named(std::string_view name) {
  for (const auto& [known, method] : integrator_names)
    if (known == name) return method;
  throw std::logic_error("no integrator '" + std::string(name) + "'");
}

/// The names that a model can be given, those of its default method first. `only_decays`: see OnlyDecays.
inline std::vector<std::string> integrators_with_default(Integrator usual, bool only_decays) {
  std::vector<std::string> names;
  for (const auto& [name, method] : integrator_names)
    if ((method != Integrator::exact || usual == Integrator::exact) &&
        (method != Integrator::exponential_midpoint || only_decays))
      names.emplace_back(name);
  std::stable_partition(names.begin(), names.end(), [&](const auto& name) { return integrator_named(name) == usual; });
  return names;
}

/// dx/dt of N variables, and for each its decay -d(dx/dt)/dx, the other variables held.
template <class Real, int N>
struct Slopes {
  static constexpr int size = N;
  Real rate[N];
  Real decay[N];
};

namespace detail {

/// A step in time, and what it is for the potential, the first variable, where that is slowed down (see stable_pace).
template <class Real>
struct Span {
  Real time, of_potential;
};

/// One variable: x + h (w k + ...).
template <class Model, std::size_t K, class State, class Real, class... Terms>
RANVIER_INLINE void move_variable(State& to, const State& from, const Span<Real>& h, const Terms&... terms) {
  constexpr auto member = std::get<K>(Model::dynamics()).member;
  to.*member =
      math::fused(K == 0 ? h.of_potential : h.time, (... + (terms.weight * terms.slopes.rate[K])), from.*member);
}

template <class Model, class State, class Real, std::size_t... K, class... Terms>
RANVIER_INLINE State moved(const State& from, const Span<Real>& h, std::index_sequence<K...>, const Terms&... terms) {
  State to = from;
  (move_variable<Model, K>(to, from, h, terms...), ...);
  return to;
}

/// The variables of the dynamics, numbered.
template <class Model>
using Variables = std::make_index_sequence<std::tuple_size_v<decltype(Model::dynamics())>>;

template <class Real, int N>
struct Term {
  Real weight;
  Slopes<Real, N> slopes;
};

/// s + h times the sum of weighted slopes, for the variables of the dynamics; the rest of the state as it is.
template <class Model, class State, class Real, int N, class... Terms>
RANVIER_INLINE State moved(const State& s, const Span<Real>& h, const Term<Real, N>& first, const Terms&... terms) {
  return moved<Model>(s, h, Variables<Model>{}, first, terms...);
}
template <class Model, class State, class Real, int N>
RANVIER_INLINE State moved(const State& s, const Span<Real>& h, const Slopes<Real, N>& slopes) {
  return moved<Model>(s, h, Term<Real, N>{Real(1), slopes});
}

template <class Real, int N>
RANVIER_INLINE Term<Real, N> times(double weight, const Slopes<Real, N>& slopes) {
  return {static_cast<Real>(weight), slopes};
}

}  // namespace detail

/// The model's own solution.
template <class Real>
struct Exact {
  template <class Model, class State, class C, class D>
  RANVIER_INLINE void advance(State& s, const C& c, const D& drive) const {
    Model::exact(s, c, drive);
  }
};

/// exprel(-z) = (1 - e^-z) / z for z >= 0 as a quotient, from the approximant of e^-z that has degree 4 over degree 5 (Pade):
/// no exponential. The e^-z that it stands for is too large by 2.2e-9 z^10 / (1 + ...), below 1e-15 up to z = 0.2 and
/// 2e-9 at z = 1, lies between 0 and 1 for every z, and vanishes for large ones: a gate stays between 0 and 1.
template <class Real>
struct DecayingExprel {
  Real above, below;
  RANVIER_INLINE explicit DecayingExprel(Real z) {
    const Real z2 = z * z;
    const Real odd = math::fused(z2, z2 + Real(300), Real(8400));
    const Real even = math::fused(z2, math::fused(z2, Real(25), Real(2100)), Real(15120));
    above = math::fused(z2, math::fused(z, Real(20), z2 + Real(420)), math::fused(z, Real(840), Real(15120)));
    below = math::fused(z, odd, even);
  }
};

/// A neuron whose decays are never negative, as those of gates and conductances.
template <class M>
concept OnlyDecays = requires {
  requires M::only_decays;
};

/// Each variable as if the others stood still: x += dt rate exprel(-decay dt). Order 1, exact where a variable is linear
/// and alone, and stable where a rate is fast.
template <class Real>
struct ExponentialEuler {
  template <class Model, class State, class C, class D>
  RANVIER_INLINE void advance(State& s, const C& c, const D& drive) const {
    const auto k = Model::slopes(s, c, drive);
    advance_from<Model, 0>(s, c.dt, k);
  }

  /// With given slopes, from variable K on.
  template <class Model, std::size_t K, class State, class S>
  RANVIER_INLINE static void advance_from(State& s, Real dt, const S& k) {
    constexpr std::size_t count = std::tuple_size_v<decltype(Model::dynamics())>;
    if constexpr (K < count) {
      constexpr auto member = std::get<K>(Model::dynamics()).member;
      auto& x = s.*member;
      if constexpr (!OnlyDecays<Model>) {
        x = math::fused(dt * k.rate[K], math::exprel(-dt * k.decay[K]), x);
        advance_from<Model, K + 1>(s, dt, k);
      } else if constexpr (K + 1 < count && std::is_same_v<Real, double>) {
        // Two quotients for one division, which takes as long as ten other operations. In single precision the product of
        // two denominators, of fifth degree each, could overflow.
        constexpr auto next = std::get<K + 1>(Model::dynamics()).member;
        auto& y = s.*next;
        const DecayingExprel<Real> ex(dt * k.decay[K]), ey(dt * k.decay[K + 1]);
        const Real per_below = dt / (ex.below * ey.below);
        x = math::fused(k.rate[K], ex.above * ey.below * per_below, x);
        y = math::fused(k.rate[K + 1], ey.above * ex.below * per_below, y);
        advance_from<Model, K + 2>(s, dt, k);
      } else {
        const DecayingExprel<Real> e(dt * k.decay[K]);
        x = math::fused(k.rate[K], dt * e.above / e.below, x);
        advance_from<Model, K + 1>(s, dt, k);
      }
    }
  }
};

namespace detail {

/// The slopes and decays of `middle` as those of lines through it: the slopes that these have at `start`.
template <class Model, class State, class S, std::size_t... K>
RANVIER_INLINE void extend_slopes(S& k, const State& middle, const State& start, std::index_sequence<K...>) {
  const auto extend = [&](auto& rate, auto decay, auto to, auto from) { rate = math::fused(decay, to - from, rate); };
  (extend(k.rate[K], k.decay[K], middle.*std::get<K>(Model::dynamics()).member,
          start.*std::get<K>(Model::dynamics()).member),
   ...);
}

}  // namespace detail

/// Exponential Euler over half of the step, and from the start over all of it with the coefficients that the equations have
/// there: each variable follows the line dx/dt = rate - decay (x - x_middle). Order 2, as stable as exponential Euler, and gates
/// stay between 0 and 1. For neurons whose decays are never negative: in an upstroke that is cut off, the line would lead
/// from a middle that is far beyond the threshold.
template <class Real>
struct ExponentialMidpoint {
  template <class Model, class State, class C, class D>
  RANVIER_INLINE void advance(State& s, const C& c, const D& drive) const {
    State middle = s;
    ExponentialEuler<Real>::template advance_from<Model, 0>(middle, Real(0.5) * c.dt, Model::slopes(s, c, drive));
    auto k = Model::slopes(middle, c, drive);
    detail::extend_slopes<Model>(k, middle, s, detail::Variables<Model>{});
    ExponentialEuler<Real>::template advance_from<Model, 0>(s, c.dt, k);
  }
};

namespace detail {

/// Explicit methods are stable only while dt times every decay is below a limit: 2.78 for rk4, 2 for those of order 1 and 2.
/// A strong conductance can take the potential, the first variable, beyond it, which would then pass the reversal potential
/// and grow. The pace is 1 below the limit, and changes no bit. Above, it slows the potential down so that dt times its decay
/// at the start of the step (z) is between `reach` and half of it: the potential goes to the same equilibrium, without
/// passing it, and has half of its way or more behind it after one step.
template <class Real>
RANVIER_INLINE Real stable_pace(Real z, Real limit, Real reach) {
  using F = math::detail::Format<Real>;
  // 2^-e for z = 2^e times 1 to 2.
  const auto exponent = math::detail::to_bits(z) >> F::mantissa;
  const Real slower = math::detail::from_bits(typename F::Bits((F::bias + F::bias - exponent) << F::mantissa));
  return z > limit ? Real(0.5) * reach * slower : Real(1);
}

}  // namespace detail

/// Order 1; with noise in the drive the Euler-Maruyama method, which converges to Ito's solution.
template <class Real>
struct Euler {
  template <class Model, class State, class C, class D>
  RANVIER_INLINE void advance(State& s, const C& c, const D& drive) const {
    const auto k = Model::slopes(s, c, drive);
    const Real pace = detail::stable_pace(c.dt * k.decay[0], Real(2), Real(1));
    s = detail::moved<Model>(s, {c.dt, c.dt * pace}, k);
  }
};

/// The explicit midpoint method, order 2.
template <class Real>
struct Rk2 {
  template <class Model, class State, class C, class D>
  RANVIER_INLINE void advance(State& s, const C& c, const D& drive) const {
    const Real half = Real(0.5) * c.dt;
    const auto k = Model::slopes(s, c, drive);
    const Real pace = detail::stable_pace(c.dt * k.decay[0], Real(2), Real(1));
    const State middle = detail::moved<Model>(s, {half, half * pace}, k);
    s = detail::moved<Model>(s, {c.dt, c.dt * pace}, Model::slopes(middle, c, drive));
  }
};

/// The mean of the slopes at both ends, order 2; with noise in the drive it converges to Stratonovich's solution.
template <class Real>
struct Heun {
  template <class Model, class State, class C, class D>
  RANVIER_INLINE void advance(State& s, const C& c, const D& drive) const {
    using detail::times;
    const auto begin = Model::slopes(s, c, drive);
    const detail::Span<Real> h{c.dt, c.dt * detail::stable_pace(c.dt * begin.decay[0], Real(2), Real(1))};
    const auto end = Model::slopes(detail::moved<Model>(s, h, begin), c, drive);
    s = detail::moved<Model>(s, h, times(0.5, begin), times(0.5, end));
  }
};

/// The classical Runge-Kutta method, order 4.
template <class Real>
struct Rk4 {
  template <class Model, class State, class C, class D>
  RANVIER_INLINE void advance(State& s, const C& c, const D& drive) const {
    using detail::times;
    const Real half = Real(0.5) * c.dt;
    const Real sixth = c.dt / Real(6);
    const auto k1 = Model::slopes(s, c, drive);
    const Real pace = detail::stable_pace(c.dt * k1.decay[0], Real(2.78), Real(2));
    const detail::Span<Real> to_middle{half, half * pace}, to_end{c.dt, c.dt * pace};
    const auto k2 = Model::slopes(detail::moved<Model>(s, to_middle, k1), c, drive);
    const auto k3 = Model::slopes(detail::moved<Model>(s, to_middle, k2), c, drive);
    const auto k4 = Model::slopes(detail::moved<Model>(s, to_end, k3), c, drive);
    s = detail::moved<Model>(s, {sixth, sixth * pace}, times(1, k1), times(2, k2), times(2, k3), times(1, k4));
  }
};

/// Runge-Kutta-Fehlberg: order 5, with an embedded order 4 whose distance chooses the steps within a step (Fehlberg 1969).
/// That distance is at most tolerance (1 + |x|) in each variable; a step of dt / 4096 is taken whatever it is, so that
/// the work is bounded.
template <class Real>
struct Rkf45 {
  Real tolerance{static_cast<Real>(1e-6)};

  template <class Model, class State, class C, class D>
  RANVIER_INLINE void advance(State& s, const C& c, const D& drive) const {
    const Real shortest = c.dt / Real(4096);
    const auto slopes = [&](const State& at) { return Model::slopes(at, c, drive); };
    const Real pace = detail::stable_pace(shortest * slopes(s).decay[0], Real(2.78), Real(2));
    Real left = c.dt, h = c.dt;
    while (left > Real(0)) {
      h = h < left ? h : left;
      State next = s;
      const Real error = attempt<Model>(next, {h, h * pace}, slopes, detail::Variables<Model>{}) / tolerance;
      const bool accept = (error <= Real(1)) | (h <= shortest);
      s = accept ? next : s;
      left = accept ? left - h : left;
      h *= growth(error);
      h = h > shortest ? h : shortest;
    }
  }

 private:
  /// Takes s over h; the largest distance of the two orders, relative to 1 + |x|.
  template <class Model, class State, class S, std::size_t... K>
  RANVIER_INLINE static Real attempt(State& s, const detail::Span<Real>& h, const S& slopes,
                                     std::index_sequence<K...>) {
    using detail::moved, detail::times;
    const auto k1 = slopes(s);
    const auto k2 = slopes(moved<Model>(s, h, times(1.0 / 4, k1)));
    const auto k3 = slopes(moved<Model>(s, h, times(3.0 / 32, k1), times(9.0 / 32, k2)));
    const auto k4 =
        slopes(moved<Model>(s, h, times(1932.0 / 2197, k1), times(-7200.0 / 2197, k2), times(7296.0 / 2197, k3)));
    const auto k5 = slopes(
        moved<Model>(s, h, times(439.0 / 216, k1), times(-8, k2), times(3680.0 / 513, k3), times(-845.0 / 4104, k4)));
    const auto k6 = slopes(moved<Model>(s, h, times(-8.0 / 27, k1), times(2, k2), times(-3544.0 / 2565, k3),
                                        times(1859.0 / 4104, k4), times(-11.0 / 40, k5)));
    s = moved<Model>(s, h, times(16.0 / 135, k1), times(6656.0 / 12825, k3), times(28561.0 / 56430, k4),
                     times(-9.0 / 50, k5), times(2.0 / 55, k6));
    Real largest{0};
    const auto compare = [&](std::size_t i, Real x) {
      const Real distance =
          (i == 0 ? h.of_potential : h.time) *
          (Real(1.0 / 360) * k1.rate[i] - Real(128.0 / 4275) * k3.rate[i] - Real(2197.0 / 75240) * k4.rate[i] +
           Real(1.0 / 50) * k5.rate[i] + Real(2.0 / 55) * k6.rate[i]);
      const Real relative = math::absolute(distance) / (Real(1) + math::absolute(x));
      // Written so that a distance that is no number counts as too large.
      largest = relative <= largest ? largest : relative;
    };
    (compare(K, s.*std::get<K>(Model::dynamics()).member), ...);
    return largest;
  }

  /// Of the step after a step of this error (1: just accepted): at most fourfold, at least a tenth.
  RANVIER_INLINE static Real growth(Real error) {
    // Comparisons that are false for an error that is no number, so that it shrinks the step.
    const Real bounded = error < Real(1e-6) ? Real(1e-6) : error;
    const Real factor = Real(0.9) * math::exp(Real(-0.2) * math::log(bounded));
    const Real most = factor > Real(4) ? Real(4) : factor;
    return most > Real(0.1) ? most : Real(0.1);
  }
};

}  // namespace ranvier
