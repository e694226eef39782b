#include <random>
#include <vector>

#include "kernels/math/math.hpp"
#include "tests/validation/every_float.hpp"

namespace {

namespace math = ranvier::math;
using ranvier::float_error;

/// Beyond, tanh is 1 and cosh infinite as floats.
double bounded(double x) { return std::clamp(x, -200.0, 200.0); }

TEST(EveryFloat, Log) { EXPECT_ALL_FLOATS_WITHIN(1.0, math::log(x), std::log(x)); }

TEST(EveryFloat, Tanh) { EXPECT_ALL_FLOATS_WITHIN(1.0, math::tanh(x), std::tanh(bounded(x))); }

TEST(EveryFloat, Cosh) { EXPECT_ALL_FLOATS_WITHIN(2.0, math::cosh(x), std::cosh(bounded(x))); }

/// sqrt is of the hardware: correctly rounded, half an ulp.
TEST(EveryFloat, Sqrt) { EXPECT_ALL_FLOATS_WITHIN(0.5, math::sqrt(x), std::sqrt(x)); }

/// x^y is computed in double (error 1.25 * 2^-29 ulp of a float) and rounded: half an ulp.
constexpr double rounded_once = 0.5 + 0x1p-27;

/// Bits spread evenly over all 2^32, each drawn within its stratum: every exponent, both signs, subnormals, infinities, NaNs.
std::vector<float> spread_floats(int n, std::uint32_t seed) {
  std::mt19937_64 random(seed);
  const std::uint64_t width = (std::uint64_t(1) << 32) / n;
  std::vector<float> x(n);
  for (int i = 0; i < n; ++i) x[i] = std::bit_cast<float>(static_cast<std::uint32_t>(i * width + random() % width));
  return x;
}

TEST(Pow, OverThePlaneOfFloats) {
  double worst = 0.0;
  float at[2] = {};
  const auto xs = spread_floats(4096, 1), ys = spread_floats(2048, 2);
  for (const float x : xs)
    for (const float y : ys) {
      const double error = float_error(math::pow(x, y), std::pow(static_cast<double>(x), static_cast<double>(y)));
      if (error > worst) worst = error, at[0] = x, at[1] = y;
    }
  std::printf("pow: %.9f ulp at (%a, %a)\n", worst, static_cast<double>(at[0]), static_cast<double>(at[1]));
  EXPECT_LE(worst, rounded_once);
}

/// Most of the plane is 0 or infinite. Here y is drawn so that the result is any float: y = log(result) / log(x).
TEST(Pow, OverFiniteResults) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> log_result(-104.0, 89.0);
  double worst = 0.0;
  float at[2] = {};
  const auto xs = spread_floats(1 << 20, 4);
  for (const float any : xs) {
    const float x = std::abs(any);
    if (!std::isfinite(x) || x == 0.0f || x == 1.0f) continue;
    for (int k = 0; k < 4; ++k) {
      // Half of the bases within 2^-10 of 1, where the largest exponents are.
      const float base = k % 2 ? x : 1.0f + std::ldexp(std::fmod(x, 1.0f) - 0.5f, -9);
      if (base == 1.0f) continue;
      const auto y = static_cast<float>(log_result(random) / std::log(static_cast<double>(base)));
      const double error = float_error(math::pow(base, y), std::pow(static_cast<double>(base), static_cast<double>(y)));
      if (error > worst) worst = error, at[0] = base, at[1] = y;
    }
  }
  std::printf("pow: %.9f ulp at (%a, %a)\n", worst, static_cast<double>(at[0]), static_cast<double>(at[1]));
  EXPECT_LE(worst, rounded_once);
}

TEST(Pow, SpecialCasesOfFloatsAreThoseOfC) {
  const float inf = std::numeric_limits<float>::infinity();
  std::vector<float> values{0.0f,
                            inf,
                            1.0f,
                            2.0f,
                            3.0f,
                            0.5f,
                            2.5f,
                            0x1p24f,
                            0x1p-24f,
                            0x1.fffffep23f,
                            0x1p-149f,
                            1e38f,
                            std::numeric_limits<float>::quiet_NaN()};
  const std::size_t positive = values.size();
  for (std::size_t i = 0; i < positive; ++i) values.push_back(-values[i]);
  for (const float x : values)
    for (const float y : values)
      EXPECT_LE(float_error(math::pow(x, y), std::pow(static_cast<double>(x), static_cast<double>(y))), rounded_once)
          << x << " to the " << y << " gave " << math::pow(x, y);
}

}  // namespace
