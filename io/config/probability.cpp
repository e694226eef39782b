#include "io/config/probability.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace ranvier {
namespace {

double normal_below(double mean, double std, double x) {
  if (std == 0.0) return mean < x ? 1.0 : 0.0;
  return 0.5 * std::erfc((mean - x) / (std * std::numbers::sqrt2));
}

/// Regularised lower incomplete gamma function by its series; good for x below shape + 1.
double gamma_series(double shape, double x) {
  double term = 1.0 / shape, total = term;
  for (double n = shape + 1.0; term > total * std::numeric_limits<double>::epsilon(); n += 1.0) {
    term *= x / n;
    total += term;
  }
  return total * std::exp(-x + shape * std::log(x) - std::lgamma(shape));
}

/// Regularised upper incomplete gamma function by its continued fraction (modified Lentz); good for x above shape + 1.
double gamma_fraction(double shape, double x) {
  constexpr double tiny = 1e-300;
  constexpr int most = 100'000;
  double b = x + 1.0 - shape, c = 1.0 / tiny, d = 1.0 / b, h = d;
  for (int i = 1; i < most; ++i) {
    const double a = -i * (i - shape);
    b += 2.0;
    d = 1.0 / std::max(std::abs(a * d + b), tiny);
    c = std::max(std::abs(b + a / c), tiny);
    h *= d * c;
    if (std::abs(d * c - 1.0) < std::numeric_limits<double>::epsilon()) break;
  }
  return h * std::exp(-x + shape * std::log(x) - std::lgamma(shape));
}

/// Lower or upper tail of the gamma distribution with scale 1.
double gamma_tail(double shape, double x, bool lower) {
  if (x <= 0.0) return lower ? 0.0 : 1.0;
  if (!std::isfinite(x)) return lower ? 1.0 : 0.0;
  // Wilson & Hilferty 1931: for large shapes the cube root is normal.
  constexpr double large = 1e4;
  if (shape > large) {
    const double variance = 1.0 / (9.0 * shape), z = (std::cbrt(x / shape) - (1.0 - variance)) / std::sqrt(variance);
    return 0.5 * std::erfc((lower ? -z : z) / std::numbers::sqrt2);
  }
  if (x < shape + 1.0) return lower ? gamma_series(shape, x) : 1.0 - gamma_series(shape, x);
  return lower ? 1.0 - gamma_fraction(shape, x) : gamma_fraction(shape, x);
}

/// One tail; the upper one of a symmetric distribution is the lower one of its mirror image.
double tail(const Distribution& d, double x, bool lower) {
  const double sign = lower ? 1.0 : -1.0;
  switch (d.kind) {
    case Distribution::Kind::normal:
    case Distribution::Kind::truncated_normal: return normal_below(sign * d.a, d.b, sign * x);
    case Distribution::Kind::lognormal:
      if (x <= 0.0) return lower ? 0.0 : 1.0;
      return normal_below(sign * d.a, d.b, sign * std::log(x));
    case Distribution::Kind::uniform: {
      const double below = std::clamp((x - d.a) / (d.b - d.a), 0.0, 1.0);
      return lower ? below : 1.0 - below;
    }
    case Distribution::Kind::exponential:
      if (x <= 0.0) return lower ? 0.0 : 1.0;
      return lower ? -std::expm1(-x / d.a) : std::exp(-x / d.a);
    case Distribution::Kind::gamma: break;
  }
  return gamma_tail(d.a, x / d.b, lower);
}

}  // namespace

double probability_below(const Distribution& d, double x) { return tail(d, x, true); }
double probability_above(const Distribution& d, double x) { return tail(d, x, false); }

double kept_share(const Distribution& d) {
  const double below = d.min ? probability_below(d, *d.min) : 0.0;
  const double above = d.max ? probability_above(d, *d.max) : 0.0;
  return std::max(0.0, 1.0 - below - above);
}

}  // namespace ranvier
