#include "core/build/source_set.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ranvier {
namespace {

std::vector<std::uint32_t> members(const SourceSet& set) {
  std::vector<std::uint32_t> found;
  set.for_each([&](std::uint64_t neuron) { found.push_back(static_cast<std::uint32_t>(neuron)); });
  return found;
}

void expect_numbered(std::uint64_t population, const std::vector<std::vector<std::uint32_t>>& sources) {
  const std::vector<std::span<const std::uint32_t>> spans(sources.begin(), sources.end());
  std::set<std::uint32_t> expected;
  for (const auto& of_projection : sources) expected.insert(of_projection.begin(), of_projection.end());
  for (const int threads : {1, 3}) {
    const SourceSet set(population, spans, threads);
    EXPECT_EQ(members(set), std::vector<std::uint32_t>(expected.begin(), expected.end()));
    EXPECT_EQ(set.size(), expected.size());
    std::uint32_t number = 0;
    for (const std::uint32_t neuron : expected) EXPECT_EQ(set.index(neuron), number++) << neuron;
  }
}

TEST(SourceSet, NumbersFewOfManyNeurons) { expect_numbered(4000000000u, {{3999999999u, 7, 7}, {}, {64, 7, 63}}); }
TEST(SourceSet, NumbersManyOfFewNeurons) { expect_numbered(130, {{129, 64, 63, 0, 64}, {65, 129}}); }
TEST(SourceSet, NumbersAllNeurons) { expect_numbered(3, {{2, 0, 1, 1}}); }
TEST(SourceSet, MayBeEmpty) {
  expect_numbered(1000, {});
  expect_numbered(1000, {{}, {}});
  expect_numbered(0, {});
}

}  // namespace
}  // namespace ranvier
