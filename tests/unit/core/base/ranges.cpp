#include "core/base/ranges.hpp"

#include <gtest/gtest.h>

namespace ranvier {
namespace {

std::size_t searched(const std::vector<std::uint32_t>& ends, std::uint32_t index) {
  std::size_t range = 0;
  while (index >= ends[range]) ++range;
  return range;
}

TEST(Ranges, FindWhatALinearSearchFinds) {
  std::vector<std::uint32_t> many;
  for (std::uint32_t i = 1; i <= 3000; ++i) many.push_back(i * i / 700);
  for (const auto& ends : {std::vector<std::uint32_t>{1},
                           {3200, 4000},
                           {0, 0, 5, 5, 1027, 1027, 100001, 100001},
                           {1, 2, 3, 4, 5, 40000},
                           many}) {
    const Ranges ranges(ends);
    for (std::uint32_t i = 0; i < ends.back(); ++i) ASSERT_EQ(ranges(i), searched(ends, i)) << i;
  }
}

TEST(Ranges, HoldsTheLargestIndex) {
  const Ranges ranges({7, 4294967295U});
  EXPECT_EQ(ranges(6), 0U);
  EXPECT_EQ(ranges(7), 1U);
  EXPECT_EQ(ranges(4294967294U), 1U);
}

TEST(Ranges, MayHaveNothing) {
  EXPECT_NO_THROW(Ranges(std::vector<std::uint32_t>{}));
  EXPECT_NO_THROW(Ranges(std::vector<std::uint32_t>{0, 0}));
}

}  // namespace
}  // namespace ranvier
