#include "core/run/run_summary.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ranvier {
namespace {

TEST(RunSummary, RatesFactorsAndSpreads) {
  RunSummary s;
  s.from_ms = 500.0;
  s.until_ms = 2500.0;
  s.simulate_seconds = 0.5;
  s.output_seconds = 0.25;
  s.run_seconds = 0.75;
  EXPECT_DOUBLE_EQ(s.real_time_factor(), 0.25);
  EXPECT_DOUBLE_EQ(s.real_time_factor_with_output(), 0.375);
  EXPECT_DOUBLE_EQ((PopulationSummary{"e", "lif", 50, 300}.rate(s.biological_ms())), 3.0);
  EXPECT_EQ((PopulationSummary{"none", "lif", 0, 0}.rate(s.biological_ms())), 0.0);
  s.by_rank.resize(3);
  s.by_rank[0].synapses = 10;
  s.by_rank[1].synapses = 40;
  s.by_rank[2].synapses = 25;
  const auto range = spread(s.by_rank, [](const RankSummary& r) { return r.synapses; });
  EXPECT_EQ(range.min, 10.0);
  EXPECT_EQ(range.mean, 25.0);
  EXPECT_EQ(range.max, 40.0);
  EXPECT_EQ(spread({}, [](const RankSummary& r) { return r.synapses; }).max, 0.0);
}

TEST(RunSummary, PeakMemoryIsThatOfTheProcess) {
  const auto before = peak_memory_bytes();
  std::vector<char> block(64'000'000, 1);
  EXPECT_GE(peak_memory_bytes(), before + block.size() / 2);
  EXPECT_LT(peak_memory_bytes(), before + 4 * block.size());
}

}  // namespace
}  // namespace ranvier
