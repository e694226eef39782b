#include "core/base/parallel.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>

namespace ranvier {
namespace {

TEST(Parallel, RangesCoverAllItemsOnceInOrder) {
  for (const int threads : {1, 2, 3, 7})
    for (const std::uint64_t count : {0u, 1u, 2u, 7u, 100u}) {
      std::vector<int> times(count, 0), range_of(count, -1);
      parallel_ranges(threads, count, [&](int range, std::uint64_t begin, std::uint64_t end) {
        ASSERT_LT(range, threads);
        ASSERT_LT(begin, end);
        for (std::uint64_t i = begin; i < end; ++i) {
          ++times[i];
          range_of[i] = range;
        }
      });
      EXPECT_EQ(times, std::vector<int>(count, 1)) << threads << " threads";
      EXPECT_TRUE(std::is_sorted(range_of.begin(), range_of.end())) << threads << " threads";
    }
}

TEST(Parallel, ItemsAreEachTakenOnce) {
  for (const int threads : {1, 2, 5}) {
    std::vector<int> times(1000, 0);
    parallel_items(threads, times.size(), [&](std::uint64_t item) { ++times[item]; });
    EXPECT_EQ(times, std::vector<int>(1000, 1)) << threads << " threads";
  }
}

TEST(Parallel, UsesAsManyThreadsAsAsked) {
  std::set<std::thread::id> ids;
  std::mutex mutex;
  run_threads(4, [&](int) {
    const std::lock_guard lock(mutex);
    ids.insert(std::this_thread::get_id());
  });
  EXPECT_EQ(ids.size(), 4u);
  EXPECT_TRUE(ids.contains(std::this_thread::get_id()));
}

TEST(Parallel, ThrowsTheExceptionOfTheFirstThreadWhenAllHaveEnded) {
  std::atomic<int> ended{0};
  const auto work = [&](int thread) {
    ++ended;
    if (thread >= 1) throw std::runtime_error(std::to_string(thread));
  };
  try {
    run_threads(4, work);
    FAIL() << "no exception";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "1");
  }
  EXPECT_EQ(ended, 4);
}

}  // namespace
}  // namespace ranvier
