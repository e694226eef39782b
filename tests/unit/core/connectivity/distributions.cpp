#include "core/connectivity/distributions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/error.hpp"
#include "tests/support/statistics.hpp"

using namespace ranvier;
using Kind = Distribution::Kind;

namespace {

Distribution make(Kind kind, double a, double b, std::optional<double> min = {}, std::optional<double> max = {}) {
  return {.kind = kind, .a = a, .b = b, .unit_factor = 1.0, .min = min, .max = max};
}

std::vector<double> draw(const Distribution& d, std::size_t n = 50000) {
  const Sampler sampler(d, Key{21, 22});
  std::vector<double> values(n);
  sampler.fill(3, values);
  return values;
}

void expect_law(const Distribution& d, const std::function<double(double)>& cdf) {
  EXPECT_GT(test::kolmogorov_p(draw(d), cdf), test::least_p);
}

TEST(Distributions, FollowTheirLaws) {
  expect_law(make(Kind::normal, -55.0, 5.0), [](double x) { return test::normal_cdf((x + 55.0) / 5.0); });
  expect_law(make(Kind::lognormal, 0.5, 0.7), [](double x) { return test::normal_cdf((std::log(x) - 0.5) / 0.7); });
  expect_law(make(Kind::uniform, -2.0, 6.0), [](double x) { return (x + 2.0) / 8.0; });
  expect_law(make(Kind::exponential, 3.0, 0.0), [](double x) { return 1.0 - std::exp(-x / 3.0); });
  for (const double shape : {0.3, 1.0, 2.5, 40.0})
    expect_law(make(Kind::gamma, shape, 2.0), [=](double x) { return 1.0 - test::gamma_q(shape, x / 2.0); });
}

TEST(Distributions, RedrawTruncates) {
  // The microcircuit's excitatory delay: 1.5 +- 0.75 ms, redrawn below 0.1 ms.
  const auto delay = make(Kind::normal, 1.5, 0.75, 0.1);
  const double below = test::normal_cdf((0.1 - 1.5) / 0.75);
  expect_law(delay, [=](double x) { return (test::normal_cdf((x - 1.5) / 0.75) - below) / (1.0 - below); });
  for (const double x : draw(delay)) EXPECT_GE(x, 0.1);
  const auto both = make(Kind::truncated_normal, 0.0, 1.0, 0.5, 1.0);
  const double a = test::normal_cdf(0.5), b = test::normal_cdf(1.0);
  expect_law(both, [=](double x) { return (test::normal_cdf(x) - a) / (b - a); });
  const auto gamma = make(Kind::gamma, 2.0, 1.0, {}, 2.0);
  const double all = 1.0 - test::gamma_q(2.0, 2.0);
  expect_law(gamma, [=](double x) { return (1.0 - test::gamma_q(2.0, x)) / all; });
}

TEST(Distributions, UnitFactorScalesALognormalDraw) {
  auto scaled = make(Kind::lognormal, 0.5, 0.7);
  const auto plain = draw(scaled, 100);
  scaled.unit_factor = 1000.0;
  const auto thousandfold = draw(scaled, 100);
  for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_EQ(thousandfold[i], plain[i] * 1000.0);
}

/// A draw depends on key, index and j, not on how it is asked for.
TEST(Distributions, FillGivesTheSameBitsAsOneByOne) {
  for (const auto& d : {make(Kind::normal, 1.5, 0.75, 0.1), make(Kind::lognormal, 0.0, 1.0, {}, 2.0),
                        make(Kind::uniform, 0.0, 1.0, 0.25), make(Kind::exponential, 2.0, 0.0, 0.5, 3.0),
                        make(Kind::gamma, 2.5, 1.0, 1.0)}) {
    const Sampler sampler(d, Key{31, 32});
    for (const std::size_t n : {1u, 2u, 31u, 32u, 33u, 1000u}) {
      std::vector<double> by_j(n), later(n), by_index(n);
      sampler.fill(17, by_j);
      sampler.fill(17, later, 6);
      sampler.fill_indices(17, by_index);
      for (std::size_t i = 0; i < n; ++i) {
        EXPECT_EQ(by_j[i], sampler(17, i));
        EXPECT_EQ(later[i], sampler(17, i + 6));
        EXPECT_EQ(by_index[i], sampler(17 + i));
      }
    }
  }
}

TEST(Distributions, DrawsOfNeighboursAreIndependent) {
  const Sampler sampler(make(Kind::normal, 0.0, 1.0), Key{41, 42});
  const int n = 100000;
  double along_j = 0.0, along_index = 0.0, pairs = 0.0;
  for (std::uint64_t i = 0; i < n; ++i) {
    along_j += sampler(0, 2 * i) * sampler(0, 2 * i + 1);
    along_index += sampler(i, 0) * sampler(i + 1, 0);
    pairs += sampler(i, 0) * sampler(i, 1);
  }
  for (const double sum : {along_j, along_index, pairs}) EXPECT_LT(std::abs(sum), 4.0 * std::sqrt(n));
}

TEST(Distributions, BoundsForetellTheDraws) {
  const Sampler delay(make(Kind::normal, 1.5, 0.75, 0.1), Key{});
  EXPECT_EQ(delay.lower(), 0.1);
  EXPECT_EQ(delay.upper(), std::numeric_limits<double>::infinity());
  const Sampler uniform(make(Kind::uniform, 1.0, 4.0, {}, 3.0), Key{});
  EXPECT_EQ(uniform.lower(), 1.0);
  EXPECT_EQ(uniform.upper(), 3.0);
  const Sampler constant(make(Kind::normal, 2.0, 0.0), Key{});
  EXPECT_EQ(constant.lower(), 2.0);
  EXPECT_EQ(constant.upper(), 2.0);
  EXPECT_EQ(constant(5, 7), 2.0);
}

TEST(Distributions, ImpossibleParametersAreErrors) {
  EXPECT_THROW(Sampler(make(Kind::normal, 0.0, -1.0), Key{}), RuntimeError);
  EXPECT_THROW(Sampler(make(Kind::uniform, 2.0, 1.0), Key{}), RuntimeError);
  EXPECT_THROW(Sampler(make(Kind::gamma, 0.0, 1.0), Key{}), RuntimeError);
  EXPECT_THROW(Sampler(make(Kind::exponential, -1.0, 0.0), Key{}), RuntimeError);
  EXPECT_THROW(Sampler(make(Kind::normal, 0.0, 1.0, 2.0, 1.0), Key{}), RuntimeError);
  EXPECT_THROW(Sampler(make(Kind::uniform, 0.0, 1.0, 2.0), Key{}), RuntimeError);
}

}  // namespace
