// Stops and flushes are the same decision on every rank.
#include "core/run/control.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <csignal>
#include <thread>

#include "tests/mpi/main.hpp"

namespace ranvier {
namespace {

using std::chrono::milliseconds;
using testing::world;

struct Outcome {
  std::int64_t intervals = 0, flushes = 0;
};

/// Runs until told to stop, or to 200,000 intervals of about `interval`.
template <class Interval>
Outcome run(RunControl& control, Interval interval) {
  Outcome outcome;
  control.begin(0.0, 1000.0, 100);
  for (; outcome.intervals < 200000; ++outcome.intervals) {
    interval(outcome.intervals);
    const auto verdict = control.after_interval(static_cast<double>(outcome.intervals), 3);
    outcome.flushes += verdict.flush ? 1 : 0;
    if (verdict.stop) break;
  }
  control.end();
  return outcome;
}

void expect_same_everywhere(const Outcome& outcome) {
  EXPECT_EQ(world->min(outcome.intervals), world->max(outcome.intervals));
  EXPECT_EQ(world->min(outcome.flushes), world->max(outcome.flushes));
}

TEST(RunControl, GoesOnWhereNothingHappens) {
  RunControl control(*world);
  const auto outcome = run(control, [](std::int64_t) {});
  EXPECT_EQ(outcome.intervals, 200000);
  EXPECT_EQ(outcome.flushes, 0);
  EXPECT_EQ(control.reason(), StopReason::none);
  EXPECT_EQ(control.reason_text(), "");
}

/// One rank keeps too many spikes: all write at the same intervals.
TEST(RunControl, AFullBufferOnOneRankIsWrittenByAll) {
  RunControl::Options options;
  options.most_buffered = 1000;
  RunControl control(*world, options);
  control.begin(0.0, 1000.0, 100);
  std::uint64_t buffered = 0, writes = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    if (world->rank().value == world->size() - 1) buffered += 10;
    const auto verdict = control.after_interval(static_cast<double>(i), 3, buffered);
    if (verdict.write) {
      ++writes;
      EXPECT_TRUE(world->rank().value != world->size() - 1 || buffered >= 1000);
      buffered = 0;
    }
    EXPECT_FALSE(verdict.stop);
    std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_GE(writes, 1U);
  EXPECT_EQ(world->min(writes), world->max(writes));
}

TEST(RunControl, ASignalToOneRankStopsAllAtTheSameInterval) {
  for (const int number : {SIGUSR1, SIGUSR2, SIGTERM, SIGINT}) {
    const SignalGuard guard;
    world->barrier();
    RunControl control(*world);
    const auto outcome = run(control, [&](std::int64_t i) {
      if (i == 50 && world->rank().value == world->size() - 1) std::raise(number);
      std::this_thread::sleep_for(milliseconds(2));
    });
    EXPECT_GE(outcome.intervals, 50);
    EXPECT_LT(outcome.intervals, 2000);
    expect_same_everywhere(outcome);
    EXPECT_EQ(control.reason(), StopReason::signal);
    EXPECT_THAT(control.reason_text(), ::testing::StartsWith(fmt::format("signal {} (", number)));
    world->barrier();
  }
}

TEST(RunControl, StopsAtNinetyNinePercentOfTheWalltime) {
  RunControl control(*world, {.max_walltime_s = 0.5});
  const auto begin = std::chrono::steady_clock::now();
  const auto outcome = run(control, [](std::int64_t) { std::this_thread::sleep_for(milliseconds(1)); });
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(490));
  EXPECT_LT(outcome.intervals, 20000);  // far from the end: how far depends on the machine
  expect_same_everywhere(outcome);
  EXPECT_EQ(control.reason(), StopReason::walltime);
}

TEST(RunControl, FlushesWhenDue) {
  const auto begin = std::chrono::steady_clock::now();
  RunControl control(*world, {.max_walltime_s = 1.2, .flush_every_s = 0.3});
  const auto outcome = run(control, [](std::int64_t) { std::this_thread::sleep_for(milliseconds(1)); });
  EXPECT_GE(outcome.flushes, 1);
  EXPECT_LE(static_cast<double>(outcome.flushes),
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / 0.3);
  expect_same_everywhere(outcome);
}

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) { return ranvier::testing::run_mpi_tests(argc, argv); }
