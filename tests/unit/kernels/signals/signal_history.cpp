#include "kernels/signals/signal_history.hpp"

#include <gtest/gtest.h>

namespace ranvier {
namespace {

TEST(SignalHistory, GivesWhatWasSentADelayAgo) {
  SignalHistory history({3, 0}, 5, 2);
  for (Step step = 0; step <= 20; ++step) {
    history.record(0, step, 8 * step);
    history.record(1, step, 100 + step);
    if (step < 5) continue;
    EXPECT_EQ(history.at(0, step - 5), static_cast<double>(step - 5));
    EXPECT_EQ(history.at(1, step), 100.0 + static_cast<double>(step));
    // 0.5 times what signal 0 was 3 steps ago, minus 2 times what signal 1 was 1 step ago.
    EXPECT_EQ(history.arriving({{0, 0.5, 3}, {1, -2.0, 1}}, step),
              0.5 * static_cast<double>(step - 3) - 2.0 * (99.0 + static_cast<double>(step)));
  }
}

TEST(SignalHistory, SendsNothingBeforeTheStart) {
  SignalHistory history({0}, 5, 1);
  history.record(0, 0, 7);
  EXPECT_EQ(history.at(0, -1), 0.0);
  EXPECT_EQ(history.arriving({{0, 2.0, 4}}, 3), 0.0);
  EXPECT_EQ(history.arriving({{0, 2.0, 4}}, 4), 14.0);
}

}  // namespace
}  // namespace ranvier
