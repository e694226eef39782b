#include "io/sonata/recordings/spike_input.hpp"

#include <gtest/gtest.h>

namespace ranvier::sonata {
namespace {

TEST(SonataSpikes, count_at_the_end_of_their_step) {
  EXPECT_EQ(step_at_or_after(0.3, 0.1), 3);
  EXPECT_EQ(step_at_or_after(0.301, 0.1), 4);
  // Rounded to a microsecond first.
  EXPECT_EQ(step_at_or_after(0.3004, 0.1), 3);
  EXPECT_EQ(step_at_or_after(0.3006, 0.1), 4);
  EXPECT_EQ(step_at_or_after(1234.5, 0.1), 12345);
  EXPECT_EQ(step_at_or_after(2.0, 0.25), 8);
  EXPECT_EQ(step_at_or_after(2.01, 0.25), 9);
  EXPECT_EQ(step_at_or_after(0.007, 0.001), 7);
  EXPECT_EQ(step_at_or_after(0.0, 0.1), 0);
  // Every time on the grid of 0.1 ms is its own step.
  for (Step step = 0; step < 100'000; ++step) ASSERT_EQ(step_at_or_after(static_cast<double>(step) * 0.1, 0.1), step);
}

}  // namespace
}  // namespace ranvier::sonata
