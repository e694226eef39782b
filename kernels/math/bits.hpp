#pragma once
#include <cmath>
#include <cstdint>

#include "kernels/space/inline.hpp"

/// The ground under kernels/math/math.hpp: the few operations that are the same on every processor, written so that a
/// loop over them vectorises: fused multiply-add, selects, and the bits of a number.
namespace ranvier::math::detail {

#if defined(__CUDA_ARCH__) || defined(__HIP_DEVICE_COMPILE__)
RANVIER_INLINE std::uint64_t to_bits(double x) { return static_cast<std::uint64_t>(__double_as_longlong(x)); }
RANVIER_INLINE std::uint32_t to_bits(float x) { return static_cast<std::uint32_t>(__float_as_int(x)); }
RANVIER_INLINE double from_bits(std::uint64_t u) { return __longlong_as_double(static_cast<long long>(u)); }
RANVIER_INLINE float from_bits(std::uint32_t u) { return __int_as_float(static_cast<int>(u)); }
RANVIER_INLINE double fused(double a, double b, double c) { return ::fma(a, b, c); }
RANVIER_INLINE float fused(float a, float b, float c) { return ::fmaf(a, b, c); }
#else
RANVIER_INLINE std::uint64_t to_bits(double x) { return __builtin_bit_cast(std::uint64_t, x); }
RANVIER_INLINE std::uint32_t to_bits(float x) { return __builtin_bit_cast(std::uint32_t, x); }
RANVIER_INLINE double from_bits(std::uint64_t u) { return __builtin_bit_cast(double, u); }
RANVIER_INLINE float from_bits(std::uint32_t u) { return __builtin_bit_cast(float, u); }
RANVIER_INLINE double fused(double a, double b, double c) { return __builtin_fma(a, b, c); }
RANVIER_INLINE float fused(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
#endif

/// IEEE 754 layout and the constants of argument reduction.
/// `shifter`: adding it rounds to a whole number, which then stands in the low bits.
/// `ln2_high` has so few bits that its product with any exponent is exact; `ln2_low` is the rest.
template <class Real>
struct Format;

template <>
struct Format<double> {
  using Bits = std::uint64_t;
  static constexpr int mantissa = 52;
  static constexpr Bits bias = 1023;
  static constexpr Bits sign = 0x8000000000000000u;
  static constexpr Bits infinity = 0x7ff0000000000000u;
  static constexpr Bits sqrt_half = 0x3fe6a09e667f3bcdu;
  static constexpr double shifter = 0x1.8p52, min_normal = 0x1p-1022, log2_e = 0x1.71547652b82fep+0;
  static constexpr double ln2_high = 0x1.62e42fefa38p-1, ln2_low = 0x1.ef35793c7673p-45;
};

template <>
struct Format<float> {
  using Bits = std::uint32_t;
  static constexpr int mantissa = 23;
  static constexpr Bits bias = 127;
  static constexpr Bits sign = 0x80000000u;
  static constexpr Bits infinity = 0x7f800000u;
  static constexpr Bits sqrt_half = 0x3f3504f3u;
  static constexpr float shifter = 0x1.8p23f, min_normal = 0x1p-126f, log2_e = 0x1.715476p+0f;
  static constexpr float ln2_high = 0x1.62e4p-1f, ln2_low = 0x1.7f7d1cp-20f;
};

template <class Real>
RANVIER_INLINE Real absolute(Real x) {
  return from_bits(to_bits(x) & ~Format<Real>::sign);
}

/// |magnitude| with the sign of `s`.
template <class Real>
RANVIER_INLINE Real with_sign(Real magnitude, Real s) {
  return from_bits((to_bits(magnitude) & ~Format<Real>::sign) | (to_bits(s) & Format<Real>::sign));
}

/// x within [low, high]; NaN stays NaN (the comparisons are false, and x is what is kept).
template <class Real>
RANVIER_INLINE Real clamp(Real x, Real low, Real high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

template <class Real>
RANVIER_INLINE Real infinity() {
  return from_bits(Format<Real>::infinity);
}

template <class Real>
RANVIER_INLINE Real not_a_number() {
  return from_bits(Format<Real>::infinity | (Format<Real>::infinity >> 1));
}

/// c0 + c1 x + c2 x^2 + ... by fused steps.
template <class Real>
RANVIER_INLINE Real polynomial(Real, Real c0) {
  return c0;
}
template <class Real, class... Rest>
RANVIER_INLINE Real polynomial(Real x, Real c0, Rest... rest) {
  return fused(x, polynomial(x, rest...), c0);
}

}  // namespace ranvier::math::detail
