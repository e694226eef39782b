#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

#include "kernels/math/math.hpp"

/// kernels/math in double against the C library in long double (64 bits of mantissa, a few of its ulp wrong: 2^-9 of ours), on
/// arguments spread evenly, drawn at random and drawn by their bits; and the same bits from a vectorised loop as from one call.
namespace {

namespace math = ranvier::math;
static_assert(std::numeric_limits<long double>::digits >= 64, "the reference needs more than 53 bits");

constexpr int count = 1 << 20;

struct Interval {
  double low, high;
};

/// A third each: evenly over [low, high]; at random in it; random bits (every exponent, subnormals, infinities, NaNs).
std::vector<double> arguments(Interval in, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> anywhere(in.low, in.high);
  std::vector<double> x;
  x.reserve(3 * count);
  for (int i = 0; i < count; ++i) {
    x.push_back(in.low + (in.high - in.low) * (i + 0.5) / count);
    x.push_back(anywhere(random));
    x.push_back(std::bit_cast<double>(random()));
  }
  return x;
}

double error_in_ulp(double value, long double reference) {
  const auto rounded = static_cast<double>(reference);
  if (std::isnan(rounded) || std::isnan(value)) return std::isnan(rounded) == std::isnan(value) ? 0.0 : 1e9;
  if (std::signbit(rounded) != std::signbit(value)) return 1e9;
  if (std::isinf(rounded) || std::isinf(value)) return rounded == value ? 0.0 : 1e9;
  int exponent;
  std::frexp(std::max(std::abs(rounded), std::numeric_limits<double>::min()), &exponent);
  return static_cast<double>(std::ldexp(std::abs(value - reference), std::numeric_limits<double>::digits - exponent));
}

template <class Many, class One, class Reference>
void expect_within(const char* name, double ulps, Interval in, Many many, One one, Reference reference) {
  const auto x = arguments(in, 2026);
  const int n = static_cast<int>(x.size());
  std::vector<double> y(x.size());
  many(x.data(), y.data(), n);
  double worst = 0.0, at = 0.0;
  int differ = 0;
  for (int i = 0; i < n; ++i) {
    const double error = error_in_ulp(y[i], reference(static_cast<long double>(x[i])));
    if (error > worst) worst = error, at = x[i];
    const volatile double input = x[i];
    const double alone = one(input);
    differ += std::bit_cast<std::uint64_t>(alone) != std::bit_cast<std::uint64_t>(y[i]) && !std::isnan(alone);
  }
  std::printf("%s in [%g, %g]: %.4f ulp at %a\n", name, in.low, in.high, worst, at);
  EXPECT_LE(worst, ulps) << name << " of " << at;
  EXPECT_EQ(differ, 0) << name;
}

#define EXPECT_DOUBLES_WITHIN(ulps, low, high, expression, reference) \
  expect_within(                                                      \
      #expression, ulps, Interval{low, high},                         \
      [](const double* in, double* out, int n) {                      \
        _Pragma("omp simd") for (int i = 0; i < n; ++i) {             \
          const double x = in[i];                                     \
          out[i] = expression;                                        \
        }                                                             \
      },                                                              \
      [](double x) __attribute__((noinline)) { return expression; }, [](long double x) { return reference; })

long double exprel(long double x) {
  if (x == 0.0L) return 1.0L;
  return std::isinf(x) ? std::max(x, 0.0L) : std::expm1(x) / x;
}

TEST(ManyDoubles, Exp) {
  EXPECT_DOUBLES_WITHIN(1.1, -745.2, 709.8, math::exp(x), std::exp(x));
  EXPECT_DOUBLES_WITHIN(1.1, -1.0, 1.0, math::exp(x), std::exp(x));
}

TEST(ManyDoubles, Expm1) {
  EXPECT_DOUBLES_WITHIN(1.25, -45.0, 709.8, math::expm1(x), std::expm1(x));
  EXPECT_DOUBLES_WITHIN(1.25, -2.0, 2.0, math::expm1(x), std::expm1(x));
}

TEST(ManyDoubles, Exprel) {
  EXPECT_DOUBLES_WITHIN(2.0, -745.0, 717.0, math::exprel(x), exprel(x));
  EXPECT_DOUBLES_WITHIN(2.0, -2.0, 2.0, math::exprel(x), exprel(x));
}

TEST(ManyDoubles, Log) {
  EXPECT_DOUBLES_WITHIN(1.0, 0.0, 4.0, math::log(x), std::log(x));
  EXPECT_DOUBLES_WITHIN(1.0, 0.99, 1.01, math::log(x), std::log(x));
}

TEST(ManyDoubles, Tanh) {
  EXPECT_DOUBLES_WITHIN(1.0, -25.0, 25.0, math::tanh(x), std::tanh(x));
  EXPECT_DOUBLES_WITHIN(1.0, -1.0, 1.0, math::tanh(x), std::tanh(x));
}

TEST(ManyDoubles, Cosh) {
  EXPECT_DOUBLES_WITHIN(2.0, -710.5, 710.5, math::cosh(x), std::cosh(x));
  EXPECT_DOUBLES_WITHIN(2.0, -2.0, 2.0, math::cosh(x), std::cosh(x));
}

TEST(ManyDoubles, Pow) {
  EXPECT_DOUBLES_WITHIN(1.25, 0.0, 100.0, math::pow(x, 2.5), std::pow(x, 2.5L));
  EXPECT_DOUBLES_WITHIN(1.25, 0.0, 1e77, math::pow(x, 4.0), std::pow(x, 4.0L));
  EXPECT_DOUBLES_WITHIN(1.25, -1075.0, 1024.0, math::pow(2.0, x), std::pow(2.0L, x));
  EXPECT_DOUBLES_WITHIN(1.25, -763000.0, 727000.0, math::pow(1.0009765625, x), std::pow(1.0009765625L, x));
  EXPECT_DOUBLES_WITHIN(1.25, -150.0, 150.0, math::pow(-0.0078125 * x, 3.0), std::pow(-0.0078125L * x, 3.0L));
}

/// Both arguments drawn so that the result is any double: y = log(result) / log(x), half of the x within 2^-20 of 1.
TEST(ManyDoubles, PowOverFiniteResults) {
  std::mt19937_64 random(9);
  std::uniform_real_distribution<double> log_result(-745.0, 709.7), log_base(-700.0, 700.0),
      near_one(-0x1p-20, 0x1p-20);
  double worst = 0.0, at[2] = {};
  for (int i = 0; i < 2 * count; ++i) {
    const double x = i % 2 ? std::exp(log_base(random)) : 1.0 + near_one(random);
    if (x == 1.0) continue;
    const double y = log_result(random) / std::log(x);
    const double error =
        error_in_ulp(math::pow(x, y), std::pow(static_cast<long double>(x), static_cast<long double>(y)));
    if (error > worst) worst = error, at[0] = x, at[1] = y;
  }
  std::printf("pow: %.4f ulp at (%a, %a)\n", worst, at[0], at[1]);
  EXPECT_LE(worst, 1.25);
}

}  // namespace
