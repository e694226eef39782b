#pragma once
#include <cmath>
#include <limits>

/// Running error analysis: a number in long double with a bound on how far a computation of it in a shorter precision may be
/// away. Every operation adds a rounding; a function adds the error that kernels/math promises. So a formula written with it
/// gives the right value and the tolerance that belongs to it (Wilkinson; Higham 2002, section 3.3).
namespace ranvier::test {

template <class Real>
struct Bounded {
  static constexpr long double u = std::numeric_limits<Real>::epsilon() / 2.0L;  ///< of one rounding
  long double value = 0.0L, error = 0.0L;

  /// A number that the computation has exactly.
  static Bounded exact(Real x) { return {static_cast<long double>(x), 0.0L}; }
  /// A constant, which is rounded.
  Bounded(long double constant) : value(constant), error(std::abs(constant) * u) {}  // NOLINT: as a number in a formula
  Bounded(long double v, long double e) : value(v), error(e) {}

  /// A result of an operation or function: `ulps` of its own error, in halves of a unit in the last place.
  static Bounded rounded(long double value, long double inherited, long double ulps = 0.5L) {
    return {value, inherited + 2.0L * ulps * u * (std::abs(value) + inherited)};
  }

  friend Bounded operator+(Bounded a, Bounded b) { return rounded(a.value + b.value, a.error + b.error); }
  friend Bounded operator-(Bounded a, Bounded b) { return rounded(a.value - b.value, a.error + b.error); }
  friend Bounded operator-(Bounded a) { return {-a.value, a.error}; }
  friend Bounded operator*(Bounded a, Bounded b) {
    return rounded(a.value * b.value, std::abs(a.value) * b.error + std::abs(b.value) * a.error + a.error * b.error);
  }
  friend Bounded operator/(Bounded a, Bounded b) {
    const long double q = a.value / b.value;
    return rounded(q, (a.error + std::abs(q) * b.error) / (std::abs(b.value) - b.error));
  }
};

/// Functions f with |f'/f| <= 1: an error of the argument becomes at most this relative one.
template <class Real>
Bounded<Real> of_slope_one(long double f, long double argument_error) {
  constexpr long double ulps = 4.0L;
  return Bounded<Real>::rounded(f, std::abs(f) * std::expm1(argument_error), ulps);
}

template <class Real>
Bounded<Real> exp(Bounded<Real> x) {
  return of_slope_one<Real>(std::exp(x.value), x.error);
}
/// x / (e^x - 1), 1 at 0.
template <class Real>
Bounded<Real> over_expm1(Bounded<Real> x) {
  return of_slope_one<Real>(x.value == 0.0L ? 1.0L : x.value / std::expm1(x.value), x.error);
}
/// x / (1 - e^-x), 1 at 0.
template <class Real>
Bounded<Real> over_one_minus_exp(Bounded<Real> x) {
  return over_expm1(-x);
}
/// 1 / (1 + e^-x).
template <class Real>
Bounded<Real> sigmoid(Bounded<Real> x) {
  return of_slope_one<Real>(1.0L / (1.0L + std::exp(-x.value)), x.error);
}
template <class Real>
Bounded<Real> cosh(Bounded<Real> x) {
  return of_slope_one<Real>(std::cosh(x.value), x.error);
}
/// |tanh'| <= 1.
template <class Real>
Bounded<Real> tanh(Bounded<Real> x) {
  return Bounded<Real>::rounded(std::tanh(x.value), x.error, 1.0L);
}

}  // namespace ranvier::test
