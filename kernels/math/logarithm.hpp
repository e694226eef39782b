#pragma once
#include "kernels/math/bits.hpp"

/// log and pow. x = 2^k m with m in [sqrt(1/2), sqrt(2)); with s = (m - 1) / (m + 1), log m = 2 atanh(s), an odd series
/// in s that a short minimax polynomial finishes.
namespace ranvier::math {
namespace detail {

template <class Real>
struct Split {
  Real m, k;
};

/// For x > 0, subnormals included; other arguments give numbers that the caller replaces.
template <class Real>
RANVIER_INLINE Split<Real> split(Real x) {
  using F = Format<Real>;
  using Bits = typename F::Bits;
  constexpr Real two_to_mantissa = static_cast<Real>(Bits(1) << F::mantissa);
  constexpr int lift = F::mantissa + 2;
  constexpr Real lifting = static_cast<Real>(Bits(1) << lift);
  const bool subnormal = x < F::min_normal;
  const Bits bits = to_bits(subnormal ? x * lifting : x) - F::sqrt_half;
  const Bits exponent = (bits + (F::bias << F::mantissa)) >> F::mantissa;
  // A small whole number as mantissa of 2^52 (2^23): a conversion that every instruction set has.
  const Real k = from_bits(exponent | to_bits(two_to_mantissa)) -
                 (two_to_mantissa + static_cast<Real>(F::bias) + (subnormal ? Real(lift) : Real(0)));
  const Real m = from_bits((bits & ((Bits(1) << F::mantissa) - 1)) + F::sqrt_half);
  return {m, k};
}

/// (2 atanh(s) / s - 2) / z with z = s^2; error 2^-58 (2^-36).
RANVIER_INLINE double atanh_tail(double z) {
  return polynomial(z, 0x1.555555555558fp-1, 0x1.9999999980ae5p-2, 0x1.249249415d397p-2, 0x1.c71c526c62608p-3,
                    0x1.74662dcae9f06p-3, 0x1.39a333e1ecff6p-3, 0x1.2ef89b9fe5203p-3);
}
RANVIER_INLINE float atanh_tail(float z) {
  return polynomial(z, 0x1.555554p-1f, 0x1.999a78p-2f, 0x1.24392p-2f, 0x1.e2ee6cp-3f);
}

}  // namespace detail

/// Natural logarithm, within 1 ulp; log(0) = -infinity, NaN below 0.
/// log(1 + f) = f - (f^2/2 - s (f^2/2 + s^2 T)): the large terms stay exact (as in FreeBSD's msun, e_log.c).
template <class Real>
RANVIER_INLINE Real log(Real x) {
  using F = detail::Format<Real>;
  const auto [m, k] = detail::split(x);
  const Real f = m - Real(1);
  const Real s = f / (Real(2) + f);
  const Real z = s * s;
  const Real half_square = Real(0.5) * f * f;
  const Real small = detail::fused(s, detail::fused(z, detail::atanh_tail(z), half_square), k * F::ln2_low);
  const Real y = detail::fused(k, F::ln2_high, f - (half_square - small));
  const Real finite = x < detail::infinity<Real>() ? y : x;  // infinity and NaN are their own logarithms
  const Real real = x < Real(0) ? detail::not_a_number<Real>() : finite;
  return x == Real(0) ? -detail::infinity<Real>() : real;
}

}  // namespace ranvier::math
