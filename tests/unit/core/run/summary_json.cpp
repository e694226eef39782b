#include "core/run/summary_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ranvier {
namespace {

TEST(SummaryJson, NamesUnits) {
  RunSummary s;
  s.until_ms = 1000.0;
  s.simulate_seconds = 0.5;
  s.run_seconds = 0.625;
  s.populations = {{"exc", "lif", 100, 2150}};
  s.by_rank.resize(2);
  s.by_rank[1].phases[static_cast<std::size_t>(Phase::wait)] = 0.5;
  s.by_rank[1].memory.rings = 4096;
  s.by_rank[1].exchange = {.exchanges = 10, .spikes_sent = 25, .bytes_sent = 280};
  const auto json = summary_json(s);
  EXPECT_EQ(json["real_time_factor"], 0.5);
  EXPECT_EQ(json["real_time_factor_with_output"], 0.625);
  EXPECT_EQ(json["populations"][0]["rate_hz"], 21.5);
  EXPECT_EQ(json["by_rank"][1]["phases_s"]["exchange_wait"], 0.5);
  EXPECT_EQ(json["over_ranks"]["phases_s"]["exchange_wait"]["mean"], 0.25);
  EXPECT_EQ(json["by_rank"][1]["memory_bytes"]["all"], 4096);
  EXPECT_EQ(json["by_rank"][1]["exchange"]["spikes_per_exchange"], 2.5);
  EXPECT_EQ(json["by_rank"][1]["exchange"]["bytes_per_exchange"], 28.0);
}

}  // namespace
}  // namespace ranvier
