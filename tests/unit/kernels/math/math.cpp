#include "kernels/math/math.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

/// Errors in units in the last place against the C library in long double (64 bits of mantissa: good to 2^-10 ulp).
namespace {

namespace math = ranvier::math;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

template <class Real>
double error_in_ulp(Real value, long double reference) {
  const Real rounded = static_cast<Real>(reference);
  if (std::isnan(rounded) || std::isnan(value)) return std::isnan(rounded) == std::isnan(value) ? 0.0 : 1e9;
  if (std::isinf(rounded) || std::isinf(value)) return rounded == value ? 0.0 : 1e9;
  int exponent;
  std::frexp(std::max(std::abs(rounded), std::numeric_limits<Real>::min()), &exponent);
  const long double ulp = std::ldexp(1.0L, exponent - std::numeric_limits<Real>::digits);
  return static_cast<double>(std::abs(static_cast<long double>(value) - reference) / ulp);
}

using Function = double (*)(double);
using Reference = long double (*)(long double);

/// Largest error over n points spread evenly and n drawn at random in [low, high].
double worst(Function f, Reference reference, double low, double high, int n = 100000) {
  std::mt19937_64 random(12345);
  std::uniform_real_distribution<double> anywhere(low, high);
  double error = 0.0;
  for (int i = 0; i < n; ++i) {
    for (const double x : {low + (high - low) * i / n, anywhere(random)})
      error = std::max(error, error_in_ulp(f(x), reference(x)));
  }
  return error;
}

/// Largest error over numbers of both signs (or positive ones) whose exponents are spread evenly over [low, high].
double worst_over_exponents(Function f, Reference reference, double low, double high, bool negative = true) {
  std::mt19937_64 random(54321);
  std::uniform_real_distribution<double> exponent(low, high);
  double error = 0.0;
  for (int i = 0; i < 200000; ++i) {
    const double x = std::exp2(exponent(random)) * (negative && i % 2 ? -1.0 : 1.0);
    error = std::max(error, error_in_ulp(f(x), reference(x)));
  }
  return error;
}

TEST(Exponential, WithinOneUlpDownToTheSubnormals) {
  const Function f = [](double x) { return math::exp(x); };
  const Reference reference = [](long double x) { return std::exp(x); };
  EXPECT_LT(worst(f, reference, -745.2, 709.8), 1.1);
  EXPECT_LT(worst(f, reference, -1.0, 1.0), 1.1);
  EXPECT_LT(worst(f, reference, -746.0, -708.0), 1.1);
}

TEST(Exponential, Expm1KeepsSmallArguments) {
  const Function f = [](double x) { return math::expm1(x); };
  const Reference reference = [](long double x) { return std::expm1(x); };
  EXPECT_LT(worst(f, reference, -45.0, 709.8), 1.25);
  EXPECT_LT(worst(f, reference, -2.0, 2.0), 1.25);
  EXPECT_LT(worst_over_exponents(f, reference, -1074.0, 6.0), 1.25);
}

TEST(Exponential, ExprelHasNoSingularity) {
  const Function f = [](double x) { return math::exprel(x); };
  const Reference reference = [](long double x) { return x == 0.0L ? 1.0L : std::expm1(x) / x; };
  EXPECT_LT(worst(f, reference, -45.0, 717.0), 2.0);  // e^x overflows at 709.8, (e^x - 1) / x at 716.3
  EXPECT_LT(worst(f, reference, -2.0, 2.0), 2.0);
  EXPECT_LT(worst_over_exponents(f, reference, -1074.0, 9.0), 2.0);
  EXPECT_EQ(math::exprel(0.0), 1.0);
  EXPECT_EQ(math::exprel(0.0f), 1.0f);
}

TEST(Logarithm, WithinOneUlp) {
  const Function f = [](double x) { return math::log(x); };
  const Reference reference = [](long double x) { return std::log(x); };
  EXPECT_LT(worst(f, reference, 1e-3, 4.0), 1.0);
  EXPECT_LT(worst(f, reference, 0.99, 1.01), 1.0);
  EXPECT_LT(worst_over_exponents(f, reference, -1074.0, 1023.9, false), 1.0);
}

TEST(Hyperbolic, TanhAndCosh) {
  const Function tanh = [](double x) { return math::tanh(x); };
  const Function cosh = [](double x) { return math::cosh(x); };
  EXPECT_LT(worst(
                tanh, [](long double x) { return std::tanh(x); }, -25.0, 25.0),
            1.0);
  EXPECT_LT(worst_over_exponents(
                tanh, [](long double x) { return std::tanh(x); }, -1074.0, 6.0),
            1.0);
  EXPECT_LT(worst(
                cosh, [](long double x) { return std::cosh(x); }, -710.5, 710.5),
            2.0);
  EXPECT_LT(worst(
                cosh, [](long double x) { return std::cosh(x); }, -2.0, 2.0),
            2.0);
}

TEST(Power, WithinTwoUlpWhereTheExponentMagnifiesErrors) {
  EXPECT_LT(worst([](double x) { return math::pow(x, 2.5); }, [](long double x) { return std::pow(x, 2.5L); }, 0, 100),
            1.25);
  EXPECT_LT(worst([](double y) { return math::pow(1.0009765625, y); },
                  [](long double y) { return std::pow(1.0009765625L, y); }, -763000.0, 727000.0),
            1.25);
  EXPECT_LT(worst([](double y) { return math::pow(1e-5, y); },
                  [](long double y) { return std::pow(static_cast<long double>(1e-5), y); }, -61.6, 64.0),
            1.25);
}

TEST(Power, SpecialCasesAreThoseOfC) {
  const double values[] = {0.0,    -0.0,   1.0,    -1.0, inf,  -inf,   nan_value,
                           2.0,    -2.0,   3.0,    -3.0, 0.5,  -0.5,   1e300,
                           -1e300, 1e-300, 5e-324, 2.5,  -2.5, 0x1p53, 0x1.0000000000001p52};
  for (const double x : values)
    for (const double y : values) {
      const double got = math::pow(x, y), want = std::pow(x, y);
      EXPECT_LT(error_in_ulp(got, static_cast<long double>(want)), 2.0) << x << " to the " << y << " gave " << got;
      EXPECT_TRUE(want != 0.0 || std::signbit(got) == std::signbit(want)) << x << " to the " << y;
    }
}

/// Against the normal distribution function of the C library, by its condition: dp = phi(z) dz.
TEST(NormalQuantile, InvertsTheDistributionFunction) {
  double error = 0.0;
  for (int i = 1; i < 200000; ++i) {
    const double p = i / 400000.0, z = math::normal_quantile(p);
    const long double density = std::exp(-0.5L * z * z) / std::sqrt(2.0L * 3.14159265358979323846L);
    const long double missing = 0.5L * std::erfc(-static_cast<long double>(z) / std::sqrt(2.0L)) - p;
    error = std::max(error, static_cast<double>(std::abs(missing / density)) / std::abs(z));
    EXPECT_EQ(math::normal_quantile(1.0 - p), -math::normal_quantile(1.0 - (1.0 - p)));
  }
  EXPECT_LT(error, 6.0 * 0x1p-52);
  EXPECT_NEAR(math::normal_quantile(1e-300), -37.0471, 1e-4);
  EXPECT_EQ(math::normal_quantile(0.0), -inf);
  EXPECT_EQ(math::normal_quantile(1.0), inf);
  EXPECT_EQ(math::normal_quantile(0.5), 0.0);
  EXPECT_TRUE(std::isnan(math::normal_quantile(nan_value)));
  for (const float p : {1e-7f, 0.01f, 0.3f, 0.7f, 0.99f})
    EXPECT_NEAR(math::normal_quantile(p), math::normal_quantile(static_cast<double>(p)), 3e-6);
}

TEST(SpecialValues, FollowTheMathematics) {
  EXPECT_EQ(math::exp(inf), inf);
  EXPECT_EQ(math::exp(-inf), 0.0);
  EXPECT_EQ(math::exp(1000.0), inf);
  EXPECT_EQ(math::exp(-745.14), 0.0);
  EXPECT_EQ(math::exp(0.0), 1.0);
  EXPECT_EQ(math::expm1(-inf), -1.0);
  EXPECT_EQ(math::expm1(inf), inf);
  EXPECT_TRUE(std::signbit(math::expm1(-0.0)));
  EXPECT_EQ(math::exprel(inf), inf);
  EXPECT_EQ(math::exprel(-inf), 0.0);
  EXPECT_EQ(math::log(0.0), -inf);
  EXPECT_EQ(math::log(-0.0), -inf);
  EXPECT_EQ(math::log(inf), inf);
  EXPECT_EQ(math::log(1.0), 0.0);
  EXPECT_TRUE(std::isnan(math::log(-1.0)));
  EXPECT_EQ(math::tanh(inf), 1.0);
  EXPECT_EQ(math::tanh(-inf), -1.0);
  EXPECT_TRUE(std::signbit(math::tanh(-0.0)));
  EXPECT_EQ(math::cosh(-inf), inf);
  EXPECT_EQ(math::cosh(0.0), 1.0);
  for (const double x : {nan_value, -nan_value}) {
    EXPECT_TRUE(std::isnan(math::exp(x)) && std::isnan(math::expm1(x)) && std::isnan(math::exprel(x)));
    EXPECT_TRUE(std::isnan(math::log(x)) && std::isnan(math::tanh(x)) && std::isnan(math::cosh(x)));
    const float y = static_cast<float>(x);
    EXPECT_TRUE(std::isnan(math::exp(y)) && std::isnan(math::expm1(y)) && std::isnan(math::exprel(y)));
    EXPECT_TRUE(std::isnan(math::log(y)) && std::isnan(math::tanh(y)) && std::isnan(math::cosh(y)));
  }
}

/// Every 1021st of all 2^32 bit patterns of a float, NaNs and infinities included.
double worst_of_floats(float (*f)(float), double (*reference)(double)) {
  double error = 0.0;
  for (std::uint64_t bits = 0; bits < (std::uint64_t(1) << 32); bits += 1021) {
    const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    error = std::max(error, error_in_ulp(f(x), static_cast<long double>(reference(x))));
  }
  return error;
}

TEST(Single, EveryMagnitude) {
  EXPECT_LT(worst_of_floats([](float x) { return math::exp(x); }, [](double x) { return std::exp(x); }), 1.1);
  EXPECT_LT(worst_of_floats([](float x) { return math::log(x); }, [](double x) { return std::log(x); }), 1.0);
  EXPECT_LT(worst_of_floats([](float x) { return math::expm1(x); }, [](double x) { return std::expm1(x); }), 1.3);
  EXPECT_LT(worst_of_floats([](float x) { return math::tanh(x); }, [](double x) { return std::tanh(x); }), 1.1);
  EXPECT_LT(worst_of_floats([](float x) { return math::cosh(x); }, [](double x) { return std::cosh(x); }), 2.0);
}

/// The same bits, whether a loop is vectorised or each number is computed by itself.
template <class Real>
void expect_lanes_agree(Real (*one)(Real), void (*many)(const Real*, Real*, int)) {
  constexpr int n = 4096;
  std::vector<Real> x(n), y(n);
  std::mt19937 random(7);
  std::normal_distribution<double> normal(0.0, 30.0);
  for (auto& v : x) v = static_cast<Real>(normal(random));
  x[3] = static_cast<Real>(inf), x[5] = static_cast<Real>(-inf), x[7] = 0, x[9] = static_cast<Real>(1e-320);
  many(x.data(), y.data(), n);
  for (int i = 0; i < n; ++i) {
    volatile Real input = x[i];
    const Real alone = one(input);
    EXPECT_TRUE(alone == y[i] || (std::isnan(alone) && std::isnan(y[i]))) << x[i];
  }
}

#define EXPECT_LANES_AGREE(Real, expression)                                     \
  expect_lanes_agree<Real>([](Real x) { return static_cast<Real>(expression); }, \
                           [](const Real* in, Real* out, int n) {                \
                             _Pragma("omp simd") for (int i = 0; i < n; ++i) {   \
                               const Real x = in[i];                             \
                               out[i] = static_cast<Real>(expression);           \
                             }                                                   \
                           })

TEST(Lanes, VectorAndScalarGiveTheSameBits) {
  EXPECT_LANES_AGREE(double, math::exp(x));
  EXPECT_LANES_AGREE(float, math::exp(x));
  EXPECT_LANES_AGREE(double, math::expm1(x));
  EXPECT_LANES_AGREE(double, math::exprel(x));
  EXPECT_LANES_AGREE(float, math::exprel(x));
  EXPECT_LANES_AGREE(double, math::log(x));
  EXPECT_LANES_AGREE(float, math::log(x));
  EXPECT_LANES_AGREE(double, math::tanh(x));
  EXPECT_LANES_AGREE(double, math::cosh(x));
  EXPECT_LANES_AGREE(double, math::pow(x, 1.5));
  EXPECT_LANES_AGREE(double, math::normal_quantile(0.5 + x / 256.0));
  EXPECT_LANES_AGREE(double, math::sqrt(x));
}

/// Bits written down once: a compiler or processor that changes them breaks the promise of one truth.
TEST(Lanes, BitsAreTheSameEverywhere) {
  std::uint64_t hash = 14695981039346656037u;
  const auto add = [&](double x) { hash = (hash ^ std::bit_cast<std::uint64_t>(x)) * 1099511628211u; };
  for (int i = 1; i < 4000; ++i) {
    const double x = i / 64.0 - 31.0, p = i / 4000.0;
    add(math::exp(x)), add(math::expm1(x)), add(math::exprel(x)), add(math::tanh(x)), add(math::cosh(x));
    add(math::log(p)), add(math::pow(p, x)), add(math::normal_quantile(p));
    const float y = static_cast<float>(x), q = static_cast<float>(p);
    add(math::exp(y)), add(math::expm1(y)), add(math::exprel(y)), add(math::tanh(y)), add(math::cosh(y));
    add(math::log(q)), add(math::pow(q, y)), add(math::normal_quantile(q));
  }
  EXPECT_EQ(hash, 11354770838653579780u);
}

}  // namespace
