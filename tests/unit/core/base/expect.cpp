/// Contracts; compiled twice, with the checks and without. Both programs link the same library, which must not matter.
#include "core/base/expect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <stdexcept>

namespace ranvier {
namespace {

#ifdef RANVIER_CHECK_CONTRACTS
constexpr bool checked = true;
#else
constexpr bool checked = false;
#endif

int half(int even) {
  RANVIER_EXPECT(even % 2 == 0);
  return even / 2;
}

int twice(int n) {
  const int result = n < 100 ? 2 * n : 0;
  RANVIER_ENSURE(result == n + n);
  return result;
}

template <class F>
std::string failure_of(F&& f) {
  try {
    f();
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "";
}

TEST(Contracts, ThatHoldAreSilent) {
  EXPECT_EQ(half(8), 4);
  EXPECT_EQ(twice(8), 16);
}

TEST(Contracts, ThatAreBrokenThrowOnlyWhereTheyAreChecked) {
  EXPECT_EQ(failure_of([] { half(7); }).empty(), !checked);
  EXPECT_EQ(failure_of([] { twice(100); }).empty(), !checked);
}

TEST(Contracts, AreEvaluatedOnceOrNotAtAll) {
  int evaluations = 0;
  RANVIER_EXPECT(++evaluations == 1);
  EXPECT_EQ(evaluations, checked ? 1 : 0);
}

TEST(Contracts, MayHoldCommas) {
  RANVIER_EXPECT(std::is_same_v<int, int>);
  const auto wrong = [] {
    RANVIER_EXPECT(std::is_same_v<int, char>);  // NOLINT(bugprone-lambda-function-name)
  };
  EXPECT_EQ(failure_of(wrong).empty(), !checked);
}

/// A contract is no obstacle to a constant expression.
constexpr int successor(int n) {
  RANVIER_EXPECT(n < std::numeric_limits<int>::max());
  return narrow<int>(std::int64_t{n} + 1);
}
static_assert(successor(41) == 42);

TEST(Narrow, KeepsWhatFits) {
  EXPECT_EQ(narrow<std::uint16_t>(65535u), 65535);
  EXPECT_EQ(narrow<std::int8_t>(std::int64_t{-128}), -128);
  EXPECT_EQ(narrow<std::uint64_t>(0), 0u);
  EXPECT_EQ(narrow<std::int64_t>(std::numeric_limits<std::uint64_t>::max() / 2),
            std::numeric_limits<std::int64_t>::max());
}

TEST(Narrow, ThrowsForTheRestOnlyWhereItIsChecked) {
  EXPECT_EQ(failure_of([] { static_cast<void>(narrow<std::uint16_t>(65536u)); }).empty(), !checked);
  EXPECT_EQ(failure_of([] { static_cast<void>(narrow<std::uint32_t>(-1)); }).empty(), !checked);
  EXPECT_EQ(failure_of([] { static_cast<void>(narrow<int>(std::size_t{1} << 31)); }).empty(), !checked);
  EXPECT_EQ(failure_of([] { static_cast<void>(narrow<std::uint64_t>(std::int64_t{-1})); }).empty(), !checked);
}

#ifdef RANVIER_CHECK_CONTRACTS
TEST(Contracts, TellPlaceConditionFunctionAndRank) {
  unsetenv("OMPI_COMM_WORLD_RANK");
  unsetenv("PMIX_RANK");
  unsetenv("PMI_RANK");
  EXPECT_THAT(
      failure_of([] { half(7); }),
      testing::MatchesRegex(".*tests/unit/core/base/expect.cpp:[0-9]+: the precondition 'even % 2 == 0' does not "
                            "hold in half\\(\\); this is a bug in Ranvier.*"));
  EXPECT_THAT(failure_of([] { twice(100); }), testing::HasSubstr("the postcondition 'result == n + n' does not hold"));
  setenv("PMIX_RANK", "3", 1);
  EXPECT_THAT(failure_of([] { half(7); }), testing::HasSubstr("in half() on rank 3;"));
  unsetenv("PMIX_RANK");
}

TEST(Narrow, TellsTheNumberTheTypeAndThePlaceOfTheCall) {
  EXPECT_THAT(failure_of([] { static_cast<void>(narrow<std::uint16_t>(70000)); }),
              testing::MatchesRegex(
                  ".*tests/unit/core/base/expect.cpp:[0-9]+: 70000 does not fit an unsigned integer of 16 bits in .*"));
  EXPECT_THAT(failure_of([] { static_cast<void>(narrow<int>(std::numeric_limits<std::uint64_t>::max())); }),
              testing::HasSubstr("18446744073709551615 does not fit a signed integer of 32 bits"));
}
#endif

}  // namespace
}  // namespace ranvier
