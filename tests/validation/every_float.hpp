#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "kernels/space/portable.hpp"

/// A function of one float over its 2^32 values, against the C library in double, whose own error is 2^-29 ulp of a float.
namespace ranvier {

/// 1: all of them, where RANVIER_TEST_ALL is set and the compiler optimises. Else one in so many, a prime: every 17th, or
/// every 1021st in builds that would take an hour.
inline std::uint64_t float_stride() {
#ifdef NDEBUG
  static const std::uint64_t stride = std::getenv("RANVIER_TEST_ALL") != nullptr ? 1 : 17;
  return stride;
#else
  return 1021;
#endif
}

/// |value - reference| in units in the last place of the correctly rounded result; subnormal results count in the smallest
/// subnormal. A wrong infinity, a wrong sign (of zero, too), a number for NaN or NaN for a number count 1e9.
RANVIER_INLINE double float_error(float value, double reference) {
  constexpr std::uint32_t infinity = 0x7f800000u, sign = 0x80000000u;
  const auto rounded = static_cast<float>(reference);
  const auto want = std::bit_cast<std::uint32_t>(rounded), got = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t want_size = want & ~sign, got_size = got & ~sign;
  const std::uint32_t exponent = want_size >> 23 > 1 ? want_size >> 23 : 1;
  const auto per_ulp = std::bit_cast<double>(std::uint64_t(1023 + 127 + 23 - exponent) << 52);
  const double difference = static_cast<double>(value) - reference;
  const double error = (difference < 0.0 ? -difference : difference) * per_ulp;
  const bool both_nan = (want_size > infinity) & (got_size > infinity);
  const bool wrong = (want_size >= infinity) | (got_size >= infinity) ? want != got : ((want ^ got) & sign) != 0;
  return both_nan ? 0.0 : wrong ? 1e9 : want_size == infinity ? 0.0 : error;
}

struct WorstFloat {
  double error = 0.0;
  float at = 0.0f;
  std::uint64_t tested = 0, differ = 0;  ///< lanes that gave other bits than a call for one number
};

/// The largest error of `many(in, out, n)`, a vectorised loop; one in 61 is also compared with `one(x)`, to the bit.
template <class Many, class One, class Reference>
WorstFloat worst_of_all_floats(Many many, One one, Reference reference) {
  constexpr int n = 4096;
  alignas(64) float x[n], y[n];
  alignas(64) double wanted[n];
  WorstFloat worst;
  const std::uint64_t stride = float_stride();
  for (std::uint64_t first = 0; first < (std::uint64_t(1) << 32); first += n * stride) {
    for (int i = 0; i < n; ++i) {
      const std::uint64_t bits = std::min<std::uint64_t>(first + i * stride, 0xffffffffu);
      x[i] = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    }
    many(x, y, n);
    for (int i = 0; i < n; ++i) wanted[i] = reference(static_cast<double>(x[i]));
    double error = 0.0;
#pragma omp simd reduction(max : error)
    for (int i = 0; i < n; ++i) error = std::max(error, float_error(y[i], wanted[i]));
    if (error > worst.error) {
      worst.error = error;
      for (int i = 0; i < n; ++i)
        if (float_error(y[i], wanted[i]) == error) worst.at = x[i];
    }
    for (int i = static_cast<int>(first / (n * stride) % 61); i < n; i += 61) {
      const volatile float input = x[i];
      const float alone = one(input);
      const bool same = std::bit_cast<std::uint32_t>(alone) == std::bit_cast<std::uint32_t>(y[i]);
      worst.differ += !same && !(std::isnan(alone) && std::isnan(y[i]));
    }
    worst.tested += n;
  }
  return worst;
}

inline void expect_within(const char* name, const WorstFloat& worst, double ulps) {
  std::printf("%s: %.6f ulp at %a (%.9g), of %llu floats\n", name, worst.error, static_cast<double>(worst.at),
              static_cast<double>(worst.at), static_cast<unsigned long long>(worst.tested));
  EXPECT_LE(worst.error, ulps) << name << " of " << worst.at;
  EXPECT_EQ(worst.differ, 0u) << name << ": vectorised and scalar results differ";
}

}  // namespace ranvier

/// `expression` of a float x, in a loop that vectorises and for one number, against `reference` of a double x.
#define EXPECT_ALL_FLOATS_WITHIN(ulps, expression, reference)                                                \
  ranvier::expect_within(                                                                                    \
      #expression,                                                                                           \
      ranvier::worst_of_all_floats(                                                                          \
          [](const float* in, float* out, int n) {                                                           \
            _Pragma("omp simd") for (int i = 0; i < n; ++i) {                                                \
              const float x = in[i];                                                                         \
              out[i] = expression;                                                                           \
            }                                                                                                \
          },                                                                                                 \
          [](float x) __attribute__((noinline)) { return expression; }, [](double x) { return reference; }), \
      ulps)
