#include "core/connectivity/discrete.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/support/statistics.hpp"

using namespace ranvier;
using namespace ranvier::connectivity;

namespace {

/// log(n choose k) from the C library in long double.
long double log_choose(double n, double k) {
  return std::lgamma(n + 1.0L) - std::lgamma(k + 1.0L) - std::lgamma(n - k + 1.0L);
}

TEST(Discrete, LogFactorial) {
  for (const double n : {0.0, 1.0, 2.0, 5.0, 15.0, 16.0, 100.0, 1e6, 1e12}) {
    const double expected = static_cast<double>(std::lgamma(n + 1.0L));
    EXPECT_NEAR(log_factorial(n), expected, 4e-16 * expected + 2e-14) << n;
  }
}

TEST(Discrete, BinomialProbabilities) {
  for (const double n : {1.0, 7.0, 100.0, 5000.0})
    for (const double p : {1e-6, 0.1, 0.5, 0.875})
      for (double k = 0.0; k <= n; k += 1.0 + std::floor(n / 50.0)) {
        const long double expected = log_choose(n, k) + k * std::log(static_cast<long double>(p)) +
                                     (n - k) * std::log1p(-static_cast<long double>(p));
        const double e = static_cast<double>(expected);
        EXPECT_NEAR(log_binomial_pmf(k, n, p, 1.0 - p), e, 1e-13 * (1.0 + std::abs(e))) << n << " " << p << " " << k;
      }
}

TEST(Discrete, HypergeometricProbabilities) {
  for (const double total : {10.0, 1000.0, 20000.0})
    for (const double marked : {1.0, 3.0, 0.5 * total, total - 1.0})
      for (const double draws : {1.0, 5.0, 0.3 * total, total - 2.0}) {
        const double low = std::max(0.0, draws + marked - total), high = std::min(draws, marked);
        for (double k = low; k <= high; k += 1.0 + std::floor((high - low) / 20.0)) {
          const double e = static_cast<double>(log_choose(marked, k) + log_choose(total - marked, draws - k) -
                                               log_choose(total, draws));
          EXPECT_NEAR(log_hypergeometric_pmf(k, total, marked, draws), e, 1e-12 * (1.0 + std::abs(e)));
        }
      }
}

struct Fit {
  double p, mean_error;  ///< chi-square p; distance of the sample mean from the true one in standard errors
};

template <class Draw, class LogPmf>
Fit fit(std::uint64_t max, double mean, double variance, Draw draw, LogPmf log_pmf, int n = 40000) {
  std::vector<double> seen(max + 1, 0.0), expected(max + 1);
  double sum = 0.0;
  for (int i = 0; i < n; ++i) {
    Stream random(Key{51, 52}, static_cast<std::uint64_t>(i));
    const std::uint64_t k = draw(random);
    seen.at(k) += 1.0;
    sum += static_cast<double>(k) - mean;
  }
  for (std::uint64_t k = 0; k <= max; ++k) expected[k] = n * std::exp(log_pmf(static_cast<double>(k)));
  return {test::chi_square_p(seen, expected), sum / std::sqrt(n * variance)};
}

/// Small variances by inversion, large ones (above 1e4) by rejection.
TEST(Discrete, BinomialDraws) {
  struct Case {
    std::uint64_t n, successes, outcomes;
  };
  for (const auto& [n, s, o] : {Case{1, 1, 2}, Case{10, 1, 3}, Case{100, 1, 2}, Case{1000, 1, 1000},
                                Case{960, 480, 961}, Case{100000, 1, 2}, Case{60000, 2, 3}, Case{200000, 9, 10}}) {
    const double p = static_cast<double>(s) / static_cast<double>(o),
                 q = static_cast<double>(o - s) / static_cast<double>(o);
    const double count = static_cast<double>(n);
    const Fit f = fit(
        n, count * p, count * p * q, [&, n = n, s = s, o = o](Stream& r) { return binomial(n, s, o, r); },
        [&](double k) { return log_binomial_pmf(k, count, p, q); });
    EXPECT_GT(f.p, test::least_p) << n << " " << p;
    EXPECT_LT(std::abs(f.mean_error), 4.0) << n << " " << p;
  }
}

TEST(Discrete, HypergeometricDraws) {
  struct Case {
    std::uint64_t total, marked, draws;
  };
  for (const auto& [total, marked, draws] :
       {Case{2, 1, 1}, Case{10, 4, 7}, Case{20, 19, 19}, Case{2000, 1000, 100}, Case{1000000, 500000, 960},
        Case{400000, 200000, 100000}, Case{300000, 100000, 250000}}) {
    const double t = static_cast<double>(total), m = static_cast<double>(marked), d = static_cast<double>(draws);
    const double variance = d * (m / t) * (1.0 - m / t) * (t - d) / (t - 1.0);
    const double low = std::max(0.0, d + m - t), high = std::min(d, m);
    const Fit f = fit(
        static_cast<std::uint64_t>(high), d * m / t, variance,
        [&, total = total, marked = marked, draws = draws](Stream& r) {
          return hypergeometric(total, marked, draws, r);
        },
        [&](double k) { return k < low ? -1e300 : log_hypergeometric_pmf(k, t, m, d); });
    EXPECT_GT(f.p, test::least_p) << total << " " << marked << " " << draws;
    EXPECT_LT(std::abs(f.mean_error), 4.0) << total << " " << marked << " " << draws;
  }
}

TEST(Discrete, CertainOutcomes) {
  Stream random(Key{}, 0);
  EXPECT_EQ(binomial(0, 1, 2, random), 0u);
  EXPECT_EQ(binomial(10, 0, 2, random), 0u);
  EXPECT_EQ(binomial(10, 2, 2, random), 10u);
  EXPECT_EQ(hypergeometric(10, 0, 5, random), 0u);
  EXPECT_EQ(hypergeometric(10, 10, 5, random), 5u);
  EXPECT_EQ(hypergeometric(10, 4, 10, random), 4u);
  EXPECT_EQ(hypergeometric(10, 4, 0, random), 0u);
}

/// The root of a large tree: 10^12 synapses fall to two halves within a few times sqrt(n) / 2.
TEST(Discrete, HugeCountsKeepTheirPrecision) {
  const std::uint64_t n = 1'000'000'000'000;
  double squares = 0.0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Stream random(Key{61, 62}, i);
    const double z = (static_cast<double>(binomial(n, 1, 2, random)) - 0.5e12) / 0.5e6;
    squares += z * z;
  }
  EXPECT_NEAR(squares / 2000.0, 1.0, 4.0 * std::sqrt(2.0 / 2000.0));
}

}  // namespace
