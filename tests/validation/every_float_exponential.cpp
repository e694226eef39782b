#include "kernels/math.hpp"
#include "tests/validation/every_float.hpp"

namespace {

namespace math = ranvier::math;

/// Beyond these bounds results are infinite, 0 or -1 as floats and within 1e-80 of it: the library's slow ways to say so are
/// avoided, every float is tested all the same.
double bounded(double x) { return std::clamp(x, -200.0, 200.0); }

TEST(EveryFloat, Exp) { EXPECT_ALL_FLOATS_WITHIN(1.1, math::exp(x), std::exp(bounded(x))); }

TEST(EveryFloat, Expm1) { EXPECT_ALL_FLOATS_WITHIN(1.2, math::expm1(x), std::expm1(bounded(x))); }

/// (e^x - 1) / x, infinite at infinity.
double exprel(double x) {
  if (x == 0.0) return 1.0;
  return x > 200.0 ? std::numeric_limits<double>::infinity() : std::expm1(bounded(x)) / x;
}

TEST(EveryFloat, Exprel) { EXPECT_ALL_FLOATS_WITHIN(2.0, math::exprel(x), exprel(x)); }

}  // namespace
