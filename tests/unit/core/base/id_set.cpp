#include "core/base/id_set.hpp"

#include <gtest/gtest.h>

namespace ranvier {
namespace {

TEST(IdSet, NumbersItsMembersInAscendingOrder) {
  IdSet slots(131);
  const std::vector<std::uint32_t> once{130, 3, 64}, again{63, 3};
  slots.mark(once);
  slots.mark(again);
  slots.number();
  EXPECT_EQ(slots.size(), 4u);
  std::vector<std::uint64_t> sources;
  slots.for_each([&](std::uint64_t s) { sources.push_back(s); });
  EXPECT_EQ(sources, (std::vector<std::uint64_t>{3, 63, 64, 130}));
  for (std::uint32_t row = 0; row < 4; ++row) {
    EXPECT_EQ(slots.index(static_cast<std::uint32_t>(sources[row])), row);
    EXPECT_EQ(slots.at(row), sources[row]);
  }
  EXPECT_TRUE(slots.contains(63));
  EXPECT_FALSE(slots.contains(65));
}

TEST(IdSet, AllAndNone) {
  IdSet all(128), none(128), nobody(0);
  std::vector<std::uint32_t> every(128);
  for (std::uint32_t i = 0; i < 128; ++i) every[i] = i;
  all.mark(every);
  all.number();
  none.number();
  nobody.number();
  EXPECT_EQ(all.size(), 128u);
  EXPECT_EQ(all.index(127), 127u);
  EXPECT_EQ(none.size(), 0u);
  EXPECT_EQ(nobody.size(), 0u);
}

}  // namespace
}  // namespace ranvier
