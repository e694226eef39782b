#include <gtest/gtest.h>

#include <cmath>

#include "core/connectivity/discrete.hpp"
#include "tests/support/statistics.hpp"
#include "tests/validation/connectivity_cases.hpp"

using namespace ranvier;
using namespace ranvier::test;

/// Degrees and pairs against the laws that define the rules. Counts of each value are gathered over seeds.
namespace {

using LogPmf = std::function<double(double)>;

double p_of_degrees(const std::vector<std::vector<std::uint64_t>>& samples, const LogPmf& log_pmf) {
  std::uint64_t most = 0;
  double n = 0.0;
  for (const auto& sample : samples)
    for (const auto d : sample) most = std::max(most, d), n += 1.0;
  std::vector<double> seen(most + 2, 0.0), expected(most + 2, 0.0);
  double rest = 1.0;
  for (const auto& sample : samples)
    for (const auto d : sample) seen[d] += 1.0;
  for (std::uint64_t k = 0; k <= most; ++k) {
    const double probability = std::exp(log_pmf(static_cast<double>(k)));
    expected[k] = n * probability;
    rest -= probability;
  }
  expected.back() = n * std::max(rest, 0.0);
  return chi_square_p(seen, expected);
}

std::vector<std::uint64_t> sizes(const Partners& partners) {
  std::vector<std::uint64_t> result;
  for (const auto& list : partners) result.push_back(list.size());
  return result;
}

/// Degrees of the neurons that draw, and of those that are drawn, over seeds.
struct Degrees {
  std::vector<std::vector<std::uint64_t>> drawing, drawn;
};

Degrees degrees(const Connection& c, std::uint64_t seeds) {
  Degrees d;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Partners partners = connect(c, seed);
    d.drawing.push_back(sizes(partners));
    d.drawn.push_back(degrees_of_drawn(c, partners));
  }
  return d;
}

LogPmf binomial_law(double n, double p) {
  return [=](double k) { return k > n ? -1e300 : connectivity::log_binomial_pmf(k, n, p, 1.0 - p); };
}

TEST(ConnectivityStatistics, PairwiseBernoulliDegreesAreBinomial) {
  for (const double p : {0.02, 0.3, 0.9}) {
    const Degrees apart = degrees(Connection("pairwise_bernoulli", 300, 400).p(p), 20);
    EXPECT_GT(p_of_degrees(apart.drawing, binomial_law(300, p)), least_p) << p;
    EXPECT_GT(p_of_degrees(apart.drawn, binomial_law(400, p)), least_p) << p;
    const Degrees same = degrees(Connection("pairwise_bernoulli", 300, 300).p(p).one_population(false), 20);
    EXPECT_GT(p_of_degrees(same.drawing, binomial_law(299, p)), least_p) << p;
    EXPECT_GT(p_of_degrees(same.drawn, binomial_law(299, p)), least_p) << p;
  }
}

/// Each pair by itself: how often it is connected over seeds is binomial, and the first and last source are no exception.
TEST(ConnectivityStatistics, PairwiseBernoulliPairsAreAlike) {
  constexpr int seeds = 400, n = 24;
  std::vector<std::vector<std::uint64_t>> pair(1, std::vector<std::uint64_t>(n * n, 0));
  std::uint64_t first = 0, last = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Partners partners = connect(Connection("pairwise_bernoulli", n, n).p(0.2), seed);
    for (std::size_t t = 0; t < n; ++t)
      for (const auto s : partners[t]) ++pair[0][t * n + s], first += s == 0, last += s == n - 1;
  }
  EXPECT_GT(p_of_degrees(pair, binomial_law(seeds, 0.2)), least_p);
  const double mean = 0.2 * seeds * n, sd = std::sqrt(mean * 0.8);
  EXPECT_NEAR(static_cast<double>(first), mean, 4.0 * sd);
  EXPECT_NEAR(static_cast<double>(last), mean, 4.0 * sd);
}

TEST(ConnectivityStatistics, TinyProbabilitiesGiveTheirNumber) {
  // 4e6 sources, 2000 targets, p 1e-6: 8000 synapses in the mean, Poisson.
  const auto c = Connection("pairwise_bernoulli", 4'000'000, 2000).p(1e-6);
  EXPECT_NEAR(static_cast<double>(total(connect(c))), 8000.0, 4.0 * std::sqrt(8000.0));
}

TEST(ConnectivityStatistics, FixedDegreesDrawUniformly) {
  for (const char* rule : {"fixed_indegree", "fixed_outdegree"}) {
    const bool outdegree = std::string(rule) == "fixed_outdegree";
    const auto c = Connection(rule, outdegree ? 400 : 300, outdegree ? 300 : 400).number(30);
    // With multapses each of 400 * 30 draws takes each of 300 with 1 / 300.
    EXPECT_GT(p_of_degrees(degrees(c, 30).drawn, binomial_law(400 * 30, 1.0 / 300)), least_p) << rule;
    // Without, each of 400 takes each of 300 with 30 / 300.
    auto single = c;
    single.with_multapses(false);
    EXPECT_GT(p_of_degrees(degrees(single, 30).drawn, binomial_law(400, 0.1)), least_p) << rule;
    auto dense = c;
    dense.with_multapses(false).number(270);
    EXPECT_GT(p_of_degrees(degrees(dense, 30).drawn, binomial_law(400, 0.9)), least_p) << rule;
    // Without autapses either: each of 299 others with 30 / 299.
    auto same = Connection(rule, 300, 300).number(30).with_multapses(false).one_population(false);
    EXPECT_GT(p_of_degrees(degrees(same, 30).drawn, binomial_law(299, 30.0 / 299)), least_p) << rule;
  }
}

TEST(ConnectivityStatistics, FixedTotalNumberFallsUniformly) {
  const double n = 12000;
  const auto c = Connection("fixed_total_number", 300, 400).number(12000);
  const Degrees multiple = degrees(c, 30);
  EXPECT_GT(p_of_degrees(multiple.drawing, binomial_law(n, 1.0 / 400)), least_p);
  EXPECT_GT(p_of_degrees(multiple.drawn, binomial_law(n, 1.0 / 300)), least_p);
  // Without multapses the degrees are hypergeometric: 12000 of 120000 pairs, 300 of them a target's.
  auto single = c;
  single.with_multapses(false);
  const Degrees once = degrees(single, 30);
  const auto law = [](double pairs) {
    return [=](double k) { return k > pairs ? -1e300 : connectivity::log_hypergeometric_pmf(k, 120000, pairs, 12000); };
  };
  EXPECT_GT(p_of_degrees(once.drawing, law(300)), least_p);
  EXPECT_GT(p_of_degrees(once.drawn, law(400)), least_p);
}

/// The microcircuit's largest projection at scale 0.1: in-degrees by Kolmogorov-Smirnov against the normal limit of
/// the binomial, made continuous by uniform noise of one unit.
TEST(ConnectivityStatistics, LargeFixedTotalNumberByKolmogorovSmirnov) {
  const std::uint64_t total_number = 960'000, n_target = 2068;
  const Partners partners = connect(Connection("fixed_total_number", 2068, n_target).number(total_number), 5);
  const double mean = static_cast<double>(total_number) / n_target, sd = std::sqrt(mean * (1.0 - 1.0 / n_target));
  std::vector<double> z;
  Stream noise(Key{71, 72}, 0);
  for (const auto& list : partners) z.push_back((static_cast<double>(list.size()) + noise.uniform() - 0.5 - mean) / sd);
  EXPECT_GT(kolmogorov_p(z, normal_cdf), least_p);
}

/// Bernoulli gaps to the next source are geometric, whatever chunk of the draw they come from.
TEST(ConnectivityStatistics, BernoulliGapsAreGeometric) {
  const double p = 0.05;
  std::vector<std::vector<std::uint64_t>> gaps(1);
  for (const auto& list : connect(Connection("pairwise_bernoulli", 20000, 100).p(p)))
    for (std::size_t i = 1; i < list.size(); ++i) gaps[0].push_back(list[i] - list[i - 1] - 1);
  EXPECT_GT(p_of_degrees(gaps, [=](double k) { return std::log(p) + k * std::log1p(-p); }), least_p);
}

}  // namespace
