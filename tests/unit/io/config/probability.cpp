#include "io/config/probability.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ranvier {
namespace {

Distribution make(Distribution::Kind kind, double a, double b = 0.0) {
  Distribution d;
  d.kind = kind;
  d.a = a;
  d.b = b;
  return d;
}

TEST(Probability, TailsAgainstKnownValues) {
  using Kind = Distribution::Kind;
  const auto near = [](double value, double expected) { EXPECT_NEAR(value / expected, 1.0, 1e-12); };
  near(probability_below(make(Kind::normal, 1.0, 2.0), -1.0), 0.15865525393145705);
  near(probability_above(make(Kind::normal, 0.0, 1.0), 10.0), 7.6198530241605261e-24);
  near(probability_below(make(Kind::lognormal, 0.0, 1.0), std::exp(-1.0)), 0.15865525393145705);
  near(probability_above(make(Kind::exponential, 2.0), 6.0), 0.049787068367863944);
  near(probability_below(make(Kind::uniform, 1.0, 5.0), 2.0), 0.25);
  // Gamma with shape 3: the upper tail is exp(-x) (1 + x + x^2 / 2).
  const Distribution gamma = make(Kind::gamma, 3.0, 2.0);
  near(probability_above(gamma, 20.0), std::exp(-10.0) * 61.0);
  near(probability_below(gamma, 2.0), 1.0 - std::exp(-1.0) * 2.5);
  // Large shapes are nearly normal: half of the draws below the median, close to the mean.
  EXPECT_NEAR(probability_below(make(Kind::gamma, 1e6, 1.0), 1e6), 0.5, 1e-3);
}

}  // namespace
}  // namespace ranvier
