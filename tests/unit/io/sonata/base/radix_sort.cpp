#include "io/sonata/base/radix_sort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace ranvier {
namespace {

TEST(RadixSort, sorts_as_the_library_does) {
  std::mt19937_64 random(1);
  for (const std::size_t size : {0u, 1u, 2u, 100u, 10000u})
    for (const int shift : {0, 30, 50, 63}) {
      std::vector<std::uint64_t> keys(size);
      for (auto& key : keys) key = random() >> shift;
      auto expected = keys;
      std::sort(expected.begin(), expected.end());
      radix_sort(keys);
      EXPECT_EQ(keys, expected) << size << " keys of " << 64 - shift << " bits";
    }
}

}  // namespace
}  // namespace ranvier
