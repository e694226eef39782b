#include "core/build/partition.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ranvier {
namespace {

std::array<std::uint64_t, 2> share(const Partition& partition, std::size_t population, int rank) {
  const Partition::Share s = partition.share(population, Rank{rank});
  return {s.first, s.last};
}

using Ids = std::array<std::uint64_t, 2>;

TEST(Partition, SharesAreEvenAndBeginAtDifferentRanks) {
  const Partition partition({10, 3, 0, 1}, 4);
  EXPECT_EQ(partition.neurons(), 14u);
  const Ids first[] = {{0, 2}, {2, 5}, {5, 7}, {7, 10}};
  const Ids second[] = {{2, 3}, {0, 0}, {0, 1}, {1, 2}};
  const Ids last[] = {{0, 0}, {0, 0}, {0, 1}, {0, 0}};
  for (int rank = 0; rank < 4; ++rank) {
    EXPECT_EQ(share(partition, 0, rank), first[rank]) << rank;
    EXPECT_EQ(share(partition, 1, rank), second[rank]) << rank;
    EXPECT_EQ(share(partition, 2, rank), (Ids{0, 0})) << rank;
    EXPECT_EQ(share(partition, 3, rank), last[rank]) << rank;
    EXPECT_EQ(partition.place(0, Rank{rank}), rank);
    EXPECT_EQ(partition.place(1, Rank{rank}), (rank + 3) % 4);
  }
}

TEST(Partition, KnowsTheOwnerOfANeuron) {
  const Partition partition({10, 3, 0, 1}, 4);
  EXPECT_EQ(partition.first_id(3), 13u);
  EXPECT_EQ(partition.population_of(GlobalId{9}), 0u);
  EXPECT_EQ(partition.population_of(GlobalId{10}), 1u);
  EXPECT_EQ(partition.population_of(GlobalId{13}), 3u);  // past the empty one
  const auto expect_owner = [&](std::uint64_t id, int rank, std::uint32_t index) {
    const Owner owner = partition.owner(GlobalId{id});
    EXPECT_EQ(owner.rank, Rank{rank}) << id;
    EXPECT_EQ(owner.index, LocalIndex{index}) << id;
  };
  expect_owner(4, 1, 2);
  expect_owner(12, 0, 2);  // after two neurons of the first population
  expect_owner(13, 2, 3);  // after two of the first and one of the second
}

/// Every neuron is on one rank, which rank_of names; shares differ by one neuron at most.
TEST(Partition, CoversEveryPopulationOnce) {
  for (const int ranks : {1, 2, 3, 7, 16})
    for (const std::uint64_t size : {0, 1, 5, 7, 100, 1001}) {
      const Partition partition({size, size, size}, ranks);
      for (std::size_t p = 0; p < 3; ++p) {
        std::vector<int> times(size, 0);
        for (int rank = 0; rank < ranks; ++rank) {
          const Partition::Share s = partition.share(p, Rank{rank});
          EXPECT_LE(s.count(), size / static_cast<std::uint64_t>(ranks) + 1);
          EXPECT_GE(s.count(), size / static_cast<std::uint64_t>(ranks));
          for (std::uint64_t i = s.first; i < s.last; ++i) {
            ++times[i];
            EXPECT_EQ(partition.rank_of(p, i), Rank{rank}) << size << " on " << ranks;
          }
        }
        EXPECT_EQ(times, std::vector<int>(size, 1)) << size << " on " << ranks;
      }
    }
}

TEST(Partition, DoesNotOverflow) {
  const std::uint64_t size = 1'000'000'000'000'000'000u;
  const Partition partition({size}, 100000);
  EXPECT_EQ(partition.share(0, Rank{99999}).last, size);
  EXPECT_EQ(partition.share(0, Rank{50000}).first, size / 2);
  EXPECT_EQ(partition.rank_of(0, size - 1), Rank{99999});
  EXPECT_EQ(partition.rank_of(0, size / 2 - 1), Rank{49999});
}

}  // namespace
}  // namespace ranvier
