#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/error.hpp"
#include "kernels/random/poisson_table.hpp"
#include "kernels/random/random.hpp"
#include "tests/support/statistics.hpp"

using namespace ranvier;

namespace {

constexpr double means[] = {1e-9, 1e-4, 0.01, 0.8, 1.0, 5.0, 20.0, 47.3, 1000.0, 1e5};

double pmf(double k, double mean) { return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0)); }

std::uint32_t word(std::uint64_t i) { return philox(Key{11, 12}, i / 4, 0).w[i % 4]; }

TEST(PoissonTable, ThresholdsAreTheDistributionFunctionTo32Bits) {
  for (const double mean : {1e-4, 0.01, 0.8, 5.0, 20.0, 47.3, 300.0}) {
    const PoissonThresholds table(mean);
    long double below = 0.0L;
    for (std::uint32_t k = 0; k < table.max_count(); ++k) {
      const long double kk = k, m = mean;
      below += std::exp(kk * std::log(m) - m - std::lgamma(kk + 1.0L));
      const double threshold = k < table.first() ? 0.0 : table.thresholds()[k - table.first()];
      EXPECT_NEAR(threshold, static_cast<double>(0x1p32L * below), 0.501) << mean << " " << k;
    }
    // One more count would be rarer than 2^-32.
    EXPECT_GE(static_cast<double>(below + 2.0L * pmf(table.max_count(), mean)), 1.0 - 0x1p-32);
  }
}

TEST(PoissonTable, SearchAndComparisonAgree) {
  for (const double mean : means) {
    const PoissonThresholds host(mean);
    const PoissonTable table = host.table();
    for (std::uint32_t i = 0; i < 2000; ++i) EXPECT_EQ(table.linear(word(i)), table.search(word(i)));
    for (std::uint32_t k = 0; k < table.size; k += 1 + table.size / 100)
      for (const std::uint32_t w : {table.thresholds[k] - 1, table.thresholds[k]})
        EXPECT_EQ(table.linear(w), table.search(w)) << mean;
    EXPECT_EQ(table(0xffffffffu), table.max_count());
    EXPECT_EQ(table(0), table.first);
  }
}

TEST(PoissonTable, CountsFollowThePoissonLaw) {
  for (const double mean : {0.01, 0.8, 5.0, 20.0, 47.3, 1000.0}) {
    const PoissonThresholds host(mean);
    std::vector<double> seen(host.max_count() + 1, 0.0), expected(seen.size());
    const int n = 400000;
    for (std::uint32_t i = 0; i < n; ++i) seen[host.table()(word(i))] += 1.0;
    for (std::size_t k = 0; k < expected.size(); ++k) expected[k] = n * pmf(static_cast<double>(k), mean);
    EXPECT_GT(test::chi_square_p(seen, expected), test::least_p) << mean;
  }
}

TEST(PoissonTable, MeanAndVarianceAreEqual) {
  for (const double mean : {0.01, 0.8, 20.0, 1000.0, 1e5}) {
    const PoissonThresholds host(mean);
    const double n = 200000;
    double sum = 0.0, squares = 0.0;
    for (std::uint32_t i = 0; i < n; ++i) {
      const double d = host.table()(word(i)) - mean;
      sum += d;
      squares += d * d;
    }
    // Four standard errors: of the mean sqrt(m / n), of the variance sqrt((m + 2 m^2) / n).
    EXPECT_NEAR(sum / n, 0.0, 4.0 * std::sqrt(mean / n)) << mean;
    EXPECT_NEAR(squares / n, mean, 4.0 * std::sqrt((mean + 2.0 * mean * mean) / n)) << mean;
  }
}

TEST(PoissonTable, EdgesOfTheRange) {
  const PoissonThresholds none(0.0);
  EXPECT_EQ(none.max_count(), 0u);
  EXPECT_EQ(none.table()(0xffffffffu), 0u);
  EXPECT_EQ(PoissonThresholds(1e-12).max_count(), 0u);  // rarer than 2^-32 per draw
  EXPECT_THROW(PoissonThresholds(-1.0), RuntimeError);
  EXPECT_THROW(PoissonThresholds(std::nan("")), RuntimeError);
  EXPECT_THROW(PoissonThresholds(1e7), RuntimeError);
  const PoissonThresholds large(1e6);
  EXPECT_GT(large.max_count(), 1006000u);  // 6.2 standard deviations of 1000
  EXPECT_LT(large.max_count(), 1006600u);
}

}  // namespace
