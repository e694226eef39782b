#include "kernels/math/math.hpp"
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

/// x / (e^x - 1).
double inverse_exprel(double x) {
  if (x == 0.0) return 1.0;
  return x > 200.0 ? 0.0 : (x < -200.0 ? -x : x / std::expm1(x));
}

/// Results that are smaller than a bound count as 0: there no relative accuracy is promised.
template <class Real>
RANVIER_INLINE Real unless_below(double bound, Real y) {
  return y < static_cast<Real>(bound) ? Real(0) : y;
}

constexpr double nearly_subnormal = 1e-37;

TEST(EveryFloat, InverseExprel) {
  EXPECT_ALL_FLOATS_WITHIN(2.0, unless_below(nearly_subnormal, math::inverse_exprel(x)),
                           unless_below(nearly_subnormal, inverse_exprel(x)));
}

/// One of the two numbers that share a division, the other being of opposite sign, as in pairs of rates.
RANVIER_INLINE float first_of_pair(float x) {
  float of_x, of_y;
  math::inverse_exprel(x, -0.8f * x, of_x, of_y);
  return of_x;
}

TEST(EveryFloat, PairOfInverseExprels) {
  EXPECT_ALL_FLOATS_WITHIN(4.0, unless_below(nearly_subnormal, first_of_pair(x)),
                           unless_below(nearly_subnormal, inverse_exprel(x)));
}

TEST(EveryFloat, Logistic) {
  // e^-70, below which it stays.
  constexpr double smallest = 3.98e-31;
  EXPECT_ALL_FLOATS_WITHIN(3.0, unless_below(smallest, math::logistic(x)),
                           unless_below(smallest, 1.0 / (1.0 + std::exp(-bounded(x)))));
}

}  // namespace
