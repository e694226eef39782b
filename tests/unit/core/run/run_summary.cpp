// The clock of phases, and what a run says of itself.
#include "core/run/run_summary.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "core/run/summary_json.hpp"

namespace ranvier {
namespace {

TEST(PhaseTimer, EveryInstantBelongsToOnePhase) {
  PhaseTimer timer;
  const auto begin = std::chrono::steady_clock::now();
  timer.start();
  {
    const auto update = timer.scope(Phase::update);
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    {
      const auto output = timer.scope(Phase::output);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  timer.stop();
  const double all = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_GE(timer.seconds(Phase::update), 0.004);
  EXPECT_GE(timer.seconds(Phase::output), 0.002);
  EXPECT_EQ(timer.seconds(Phase::deliver), 0.0);
  EXPECT_LE(timer.total(), all);
  EXPECT_GE(timer.total(), 0.006);
}

TEST(PhaseTimer, MovesTimeWithoutMakingAny) {
  PhaseTimer timer;
  timer.move(Phase::exchange, Phase::wait, 0.25);
  EXPECT_EQ(timer.seconds(Phase::wait), 0.25);
  EXPECT_EQ(timer.seconds(Phase::exchange), -0.25);
  EXPECT_EQ(timer.total(), 0.0);
}

TEST(RunSummary, RatesFactorsAndSpreads) {
  RunSummary s;
  s.from_ms = 500.0;
  s.until_ms = 2500.0;
  s.simulate_seconds = 0.5;
  EXPECT_DOUBLE_EQ(s.real_time_factor(), 0.25);
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

TEST(RunSummary, JsonNamesUnits) {
  RunSummary s;
  s.until_ms = 1000.0;
  s.populations = {{"exc", "lif", 100, 2150}};
  s.by_rank.resize(2);
  s.by_rank[1].phases[static_cast<std::size_t>(Phase::wait)] = 0.5;
  s.by_rank[1].memory.rings = 4096;
  s.by_rank[1].exchange = {.exchanges = 10, .spikes_sent = 25, .bytes_sent = 280};
  const auto json = summary_json(s);
  EXPECT_EQ(json["populations"][0]["rate_hz"], 21.5);
  EXPECT_EQ(json["by_rank"][1]["phases_s"]["exchange_wait"], 0.5);
  EXPECT_EQ(json["over_ranks"]["phases_s"]["exchange_wait"]["mean"], 0.25);
  EXPECT_EQ(json["by_rank"][1]["memory_bytes"]["all"], 4096);
  EXPECT_EQ(json["by_rank"][1]["exchange"]["spikes_per_exchange"], 2.5);
  EXPECT_EQ(json["by_rank"][1]["exchange"]["bytes_per_exchange"], 28.0);
}

}  // namespace
}  // namespace ranvier
