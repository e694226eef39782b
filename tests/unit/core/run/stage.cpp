// The stages of a run: what is done in which order, and what its time is charged to.
#include "core/run/stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace ranvier {
namespace {

using ::testing::ElementsAre;

TEST(Stages, ActInTheirOrderOnTheSameInterval) {
  PhaseTimer timer;
  Stages stages(timer);
  std::vector<std::string> done;
  for (const char* name : {"update", "exchange", "deliver"})
    stages.add({name, Phase::other, [&done, name](const Interval& interval) {
                  done.push_back(name + std::string(" ") + std::to_string(interval.first) + "-" +
                                 std::to_string(interval.end() - 1));
                }});
  stages.run({1, 15});
  stages.run({16, 4});
  EXPECT_THAT(done, ElementsAre("update 1-15", "exchange 1-15", "deliver 1-15", "update 16-19", "exchange 16-19",
                                "deliver 16-19"));
}

TEST(Stages, ChargeTheirTimeToTheirPhase) {
  PhaseTimer timer;
  Stages stages(timer);
  const auto sleep = [](int ms) {
    return [ms](const Interval&) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); };
  };
  stages.add({"update", Phase::update, sleep(4)});
  stages.add({"deliver", Phase::deliver, sleep(2)});
  stages.add({"more", Phase::update, sleep(3)});
  timer.start();
  stages.run({1, 1});
  timer.stop();
  EXPECT_GE(timer.seconds(Phase::update), 0.007);
  EXPECT_GE(timer.seconds(Phase::deliver), 0.002);
  EXPECT_EQ(timer.seconds(Phase::output), 0.0);
}

TEST(Stages, AnErrorInOneEndsTheInterval) {
  PhaseTimer timer;
  Stages stages(timer);
  int after = 0;
  stages.add({"fails", Phase::update, [](const Interval&) { throw std::runtime_error("no"); }});
  stages.add({"after", Phase::update, [&](const Interval&) { ++after; }});
  EXPECT_THROW(stages.run({1, 1}), std::runtime_error);
  EXPECT_EQ(after, 0);
}

}  // namespace
}  // namespace ranvier
