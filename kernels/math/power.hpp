#pragma once
#include "kernels/math/exponential.hpp"
#include "kernels/math/logarithm.hpp"

namespace ranvier::math {
namespace detail {

using Pair = Compensated<double>;

/// a + b for |a| >= |b| or a = 0 (Dekker).
RANVIER_INLINE Pair ordered_sum(double a, double b) {
  const double s = a + b;
  return {s, b - (s - a)};
}

/// log x to 2^-65 of its value, for x > 0 and finite: y log x reaches 745, so exp needs that many bits of it.
/// log m = 2 s (1 + z/3 + z^2 Q(z)), the two leading terms in pairs.
RANVIER_INLINE Pair log_pair(double x) {
  using F = Format<double>;
  const auto [m, k] = split(x);
  const double f = m - 1.0;
  const double sum = 2.0 + f, sum_low = (2.0 - sum) + f;
  const double inverse = 1.0 / sum;
  const double s = f * inverse;
  const double s_low = fused(-s, sum_low, fused(-s, sum, f)) * inverse;
  const double z = s * s;
  const double z_low = fused(2.0 * s, s_low, fused(s, s, -z));
  const double q = polynomial(z, 0x1.9999999999997p-3, 0x1.2492492492e15p-3, 0x1.c71c71c5b59d5p-4, 0x1.745d181cb3c37p-4,
                              0x1.3b1367b34d856p-4, 0x1.11200cb55b50ep-4, 0x1.de4b51668a222p-5, 0x1.ea5e0b4aeaddep-5);
  auto t = ordered_sum(0x1.5555555555555p-2, z * q);
  t.low += 0x1.5555555555555p-56;
  const double v = z * t.high;
  const double v_low = fused(z, t.low, fused(z_low, t.high, fused(z, t.high, -v)));
  const double p = s * v;
  const double p_low = fused(s, v_low, fused(s_low, v, fused(s, v, -p)));
  const auto half = ordered_sum(s, p);
  const auto total = ordered_sum(k * F::ln2_high, 2.0 * half.high);
  const double low = fused(k, F::ln2_low, 2.0 * (half.low + (s_low + p_low)));
  return ordered_sum(total.high, total.low + low);
}

/// x^y for finite x > 0.
RANVIER_INLINE double positive_pow(double x, double y) {
  const auto l = log_pair(x);
  const double high = y * l.high;
  const double low = fused(y, l.low, fused(y, l.high, -high));
  const auto reduced = reduce(clamp(high, ExpLimits<double>::low, ExpLimits<double>::high));
  // Beyond the clamp the result is 0 or infinite whatever the low part, which may be inf - inf.
  const double r = reduced.r + (absolute(high) < 800.0 ? low : 0.0);
  return exp_reduced(r, reduced.n_bits, high < 0.0, 0);
}

}  // namespace detail

/// x^y, within 1.25 ulp; special cases as in C (pow(x, 0) = 1, negative x with whole y only, else NaN).
RANVIER_INLINE double pow(double x, double y) {
  const double inf = detail::infinity<double>();
  const double a = detail::absolute(x), b = detail::absolute(y);
  // Whole and odd by rounding at the binary point: from 2^52 on every number is whole, from 2^53 on even.
  const double whole = b < 0x1p52 ? (b + 0x1p52) - 0x1p52 : b;
  const double half = 0.5 * b;
  const double whole_half = half < 0x1p52 ? (half + 0x1p52) - 0x1p52 : half;
  const bool is_whole = whole == b, is_odd = is_whole & (whole_half != half);
  double r = detail::positive_pow(a, y);
  r = ((a == 0.0) | (a == inf)) & (y != 0.0) ? ((a == 0.0) == (y < 0.0) ? inf : 0.0) : r;
  r = b == inf ? (a == 1.0 ? 1.0 : (a > 1.0) == (y > 0.0) ? inf : 0.0) : r;
  r = (detail::to_bits(x) >> 63 != 0) & is_odd ? -r : r;
  r = (x < 0.0) & (x != -inf) & !is_whole ? detail::not_a_number<double>() : r;
  r = (x != x) | (y != y) ? x + y : r;
  return (y == 0.0) | (x == 1.0) ? 1.0 : r;
}

/// In double and rounded: correctly but for about 1 in 2^28 arguments.
RANVIER_INLINE float pow(float x, float y) {
  return static_cast<float>(pow(static_cast<double>(x), static_cast<double>(y)));
}

}  // namespace ranvier::math
