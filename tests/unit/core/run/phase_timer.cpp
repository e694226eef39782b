#include "core/run/phase_timer.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

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

}  // namespace
}  // namespace ranvier
