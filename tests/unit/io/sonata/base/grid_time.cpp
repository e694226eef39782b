#include "io/sonata/base/grid_time.hpp"

#include <gtest/gtest.h>

namespace ranvier {
namespace {

TEST(GridTime, prints_as_a_person_writes_it) {
  EXPECT_EQ(GridTime(0.1)(3), 0.3);  // 3 * 0.1 is 0.30000000000000004
  EXPECT_EQ(GridTime(0.025)(7), 0.175);
  EXPECT_EQ(GridTime(0.3)(3), 0.9);  // 3 * 0.3 is 0.8999999999999999
  EXPECT_EQ(GridTime(1.0)(12345), 12345.0);
  EXPECT_EQ(GridTime(2.5)(3), 7.5);
  EXPECT_EQ(GridTime(1.0 / 3.0)(3), 1.0);  // no decimal fraction: a plain product
  EXPECT_EQ(GridTime(0.1)(36000000), 3600000.0);
}

}  // namespace
}  // namespace ranvier
