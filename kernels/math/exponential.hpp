#pragma once
#include "kernels/math/bits.hpp"

/// exp, expm1, exprel. x = n ln 2 + r with |r| <= ln(2)/2; e^r - 1 = r + r^2 P(r) with P a minimax polynomial whose
/// error is below 2^-57 (2^-27 in single) of e^r; the result is put together with 2^n.
namespace ranvier::math {
namespace detail {

/// x = n ln 2 + r + r_low, n in the low bits of `n_bits`.
template <class Real>
struct Reduced {
  Real r, r_low;
  typename Format<Real>::Bits n_bits;
};

/// Cody and Waite: n ln2_high is exact, so x - n ln2_high is too; what rounding n ln2_low loses is kept in r_low.
template <class Real>
RANVIER_INLINE Reduced<Real> reduce(Real x) {
  using F = Format<Real>;
  const Real shifted = fused(x, F::log2_e, F::shifter);
  const Real n = shifted - F::shifter;
  const Real high = fused(-n, F::ln2_high, x);
  const Real r = fused(-n, F::ln2_low, high);
  return {r, fused(-n, F::ln2_low, high - r), to_bits(shifted)};
}

/// Estrin's order: the terms of a pair, then pairs of pairs, so that the chain of dependent operations is short. A loop
/// over lanes is bound by that chain, not by the number of operations.
RANVIER_INLINE double expm1_tail(double r) {
  const double r2 = r * r, r4 = r2 * r2;
  const double p01 = fused(0x1.555555555555cp-3, r, 0x1.0000000000005p-1);
  const double p23 = fused(0x1.111111110e6a1p-7, r, 0x1.555555555210fp-5);
  const double p45 = fused(0x1.a01a01b5e9c56p-13, r, 0x1.6c16c17f351dap-10);
  const double p67 = fused(0x1.71dde9ddaecfap-19, r, 0x1.a019a683d8b22p-16);
  const double p89 = fused(0x1.af76ebafed39ap-26, r, 0x1.28a2b3ec5e25cp-22);
  return fused(r4, fused(r4, p89, fused(r2, p67, p45)), fused(r2, p23, p01));
}
RANVIER_INLINE float expm1_tail(float r) {
  const float r2 = r * r;
  const float p01 = fused(0x1.5554bp-3f, r, 0x1p-1f);
  const float p23 = fused(0x1.12282p-7f, r, 0x1.555486p-5f);
  return fused(r2, fused(r2, 0x1.6d98fcp-10f, p23), p01);
}

/// 2^(n + shift) from the bits of a reduction; n + shift must be a normal exponent.
template <class Real>
RANVIER_INLINE Real power_of_two(typename Format<Real>::Bits n_bits, int shift) {
  using F = Format<Real>;
  using Bits = typename F::Bits;
  return from_bits((n_bits + (F::bias + static_cast<Bits>(shift))) << F::mantissa);
}

template <class Real>
struct ExpLimits;
/// Beyond `low` and `high` e^x is 0 or infinite, beyond `expm1_low` e^x - 1 is -1; `lift` moves every subnormal result
/// into the normal range; below `tiny` e^x - 1 = x.
template <>
struct ExpLimits<double> {
  static constexpr double low = -746.0, high = 711.0, down = 0x1p-64;
  static constexpr double expm1_low = -690.0, exprel_high = 718.0, tiny = 0x1p-54;
  static constexpr int lift = 64;
};
template <>
struct ExpLimits<float> {
  static constexpr float low = -104.0f, high = 90.0f, down = 0x1p-32f;
  static constexpr float expm1_low = -70.0f, exprel_high = 95.0f, tiny = 0x1p-25f;
  static constexpr int lift = 32;
};

/// 2^extra e^r 2^n for a reduction of x (`negative`: x < 0). The scale is applied in two exact steps, one of them fixed
/// (2^-lift or 4), so that results overflow to infinity and underflow through the subnormals by themselves.
template <class Real>
RANVIER_INLINE Real exp_reduced(Real r, typename Format<Real>::Bits n_bits, bool negative, int extra) {
  using F = Format<Real>;
  using L = ExpLimits<Real>;
  using Bits = typename F::Bits;
  const Real fraction = Real(1) + fused(r * r, expm1_tail(r), r);
  const Bits offset = negative ? F::bias + Bits(L::lift) : F::bias - Bits(2);
  const Real last = negative ? L::down : Real(4);
  return fraction * from_bits((n_bits + offset + static_cast<Bits>(extra)) << F::mantissa) * last;
}

/// 2^extra e^x.
template <class Real>
RANVIER_INLINE Real exp_scaled(Real x, int extra) {
  const auto reduced = reduce(clamp(x, ExpLimits<Real>::low, ExpLimits<Real>::high));
  return exp_reduced(reduced.r, reduced.n_bits, x < Real(0), extra);
}

/// A value and what its rounding lost.
template <class Real>
struct Compensated {
  Real high, low;
};

/// (e^x - 1) / 2^shift and e^x / 2^shift share all work but the last sum: compilers see that, so that a rate with the one
/// and a rate with the other cost one exponential. For x within expm1_low and exprel_high, otherwise as at these.
template <class Real>
struct ScaledExp {
  Real r, tail, fraction, scale;
};
template <class Real>
RANVIER_INLINE ScaledExp<Real> scaled_exp(Real x, int shift) {
  const auto reduced = reduce(clamp(x, ExpLimits<Real>::expm1_low, ExpLimits<Real>::exprel_high));
  const Real r = reduced.r;
  const Real tail = fused(r * r, expm1_tail(r), reduced.r_low);
  return {r, tail, r + tail, power_of_two<Real>(reduced.n_bits, -shift)};
}

/// (e^x - 1) / 2^shift for x up to exprel_high; shift is large enough that nothing overflows.
template <class Real>
RANVIER_INLINE Compensated<Real> expm1_scaled(Real x, int shift) {
  const auto [r, tail, fraction, scale] = scaled_exp(x, shift);
  const Real base = scale - power_of_two<Real>(0, -shift);
  const Real high = fused(scale, fraction, base);
  return {high, fused(scale, (r - fraction) + tail, fused(scale, fraction, base - high))};
}

}  // namespace detail

/// e^x, within 1.1 ulp.
template <class Real>
RANVIER_INLINE Real exp(Real x) {
  return detail::exp_scaled(x, 0);
}

/// e^x - 1, within 1.25 ulp, also for small x.
template <class Real>
RANVIER_INLINE Real expm1(Real x) {
  const auto y = detail::expm1_scaled(x, 16);
  const Real scaled = (y.high + y.low) * Real(65536);
  return detail::absolute(x) < detail::ExpLimits<Real>::tiny ? x : scaled;
}

/// (e^x - 1) / x, within 2 ulp; 1 at 0. Rate functions x / (1 - e^-x) are 1 / exprel(-x): no 0/0 anywhere.
template <class Real>
RANVIER_INLINE Real exprel(Real x) {
  const Real high = detail::ExpLimits<Real>::exprel_high;
  const auto y = detail::expm1_scaled(x, 16);
  // The scale goes to the divisor, which it cannot harm: the quotient of a large negative x would become subnormal.
  const Real ratio = (y.high + y.low) / ((x > high ? high : x) * Real(0x1p-16));
  return detail::absolute(x) < detail::ExpLimits<Real>::tiny ? Real(1) : ratio;
}

/// x / (e^x - 1), within 2 ulp, or 0 where that is subnormal; 1 at 0. The voltage dependence of many rates, (V - V_0) / (1 - e^-(V - V_0)),
/// at the price of one division.
template <class Real>
RANVIER_INLINE Real inverse_exprel(Real x) {
  const Real high = detail::ExpLimits<Real>::exprel_high;
  const auto y = detail::expm1_scaled(x, 16);
  const Real ratio = x * Real(0x1p-16) / (y.high + y.low);
  const Real large = x > high ? Real(0) : ratio;
  return detail::absolute(x) < detail::ExpLimits<Real>::tiny ? Real(1) : large;
}

/// 1 / (1 + e^-x), within 3 ulp for x above -690 (-70 in single); below as there.
template <class Real>
RANVIER_INLINE Real logistic(Real x) {
  const auto e = detail::scaled_exp(x, 16);
  const Real above = detail::fused(e.scale, e.fraction, e.scale);
  return above / (above + Real(0x1p-16));
}

/// inverse_exprel of two numbers at the price of one division, within 4 ulp, where (e^x - 1) (e^y - 1) does not overflow:
/// of an opening rate that falls with the potential and a closing rate that rises with it.
template <class Real>
RANVIER_INLINE void inverse_exprel(Real x, Real y, Real& of_x, Real& of_y) {
  using L = detail::ExpLimits<Real>;
  const auto ex = detail::expm1_scaled(x, 16), ey = detail::expm1_scaled(y, 16);
  const bool tiny_x = detail::absolute(x) < L::tiny, tiny_y = detail::absolute(y) < L::tiny;
  const Real dx = tiny_x ? Real(1) : ex.high + ex.low, dy = tiny_y ? Real(1) : ey.high + ey.low;
  const Real inverse = Real(1) / (dx * dy);
  of_x = tiny_x ? Real(1) : (x > L::exprel_high ? Real(0) : x * Real(0x1p-16) * (dy * inverse));
  of_y = tiny_y ? Real(1) : (y > L::exprel_high ? Real(0) : y * Real(0x1p-16) * (dx * inverse));
}

}  // namespace ranvier::math
