#include "comm/mpi/communicator.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <new>
#include <stdexcept>

#include "core/base/error.hpp"
#include "tests/mpi/main.hpp"

namespace ranvier {
namespace {

using testing::world;

struct Record {
  std::int64_t a;
  char b;
};

TEST(Communicator, Reduces) {
  const int n = world->size(), r = world->rank().value;
  EXPECT_EQ(world->sum(r + 1), n * (n + 1) / 2);
  EXPECT_EQ(world->min(10.5 - r), 10.5 - (n - 1));
  EXPECT_EQ(world->max<std::uint64_t>(std::uint64_t{1} << (40 + r)), std::uint64_t{1} << (40 + n - 1));
  EXPECT_EQ(world->exclusive_sum<std::uint32_t>(3), static_cast<std::uint32_t>(3 * r));
  std::vector<float> values{static_cast<float>(r), 1.0F};
  world->sum(std::span(values));
  EXPECT_EQ(values, (std::vector<float>{static_cast<float>(n * (n - 1)) / 2.0F, static_cast<float>(n)}));
  std::vector<double> each{1.5, static_cast<double>(r)};
  world->exclusive_sum(std::span(each));
  EXPECT_EQ(each, (std::vector<double>{1.5 * r, static_cast<double>(r * (r - 1)) / 2.0}));
  // 10, 9, 8, ...: the largest below a rank is the first.
  EXPECT_EQ(world->exclusive_max<std::uint64_t>(static_cast<std::uint64_t>(10 - r)), r == 0 ? 0U : 10U);
  EXPECT_EQ(world->any(r == n - 1), true);
  EXPECT_EQ(world->all(r == n - 1), n == 1);
}

TEST(Communicator, BroadcastsAndGathers) {
  const int n = world->size(), r = world->rank().value;
  EXPECT_EQ(world->broadcast(std::string(r == 0 ? 100000 : 3, 'x')), std::string(100000, 'x'));
  EXPECT_EQ(world->broadcast(std::string(r == n - 1 ? "last" : ""), Rank{n - 1}), "last");
  const auto all = world->all_gather(Record{r, static_cast<char>('a' + r)});
  ASSERT_EQ(all.size(), static_cast<std::size_t>(n));
  EXPECT_EQ(all.back().a, n - 1);
  EXPECT_EQ(all.back().b, 'a' + n - 1);
  EXPECT_EQ(world->gather(r).size(), static_cast<std::size_t>(world->is_root() ? n : 0));
  const auto texts = world->gather(std::string(static_cast<std::size_t>(r), 'z'));
  if (world->is_root()) {
    ASSERT_EQ(texts.size(), static_cast<std::size_t>(n));
    EXPECT_EQ(texts.back(), std::string(static_cast<std::size_t>(n - 1), 'z'));
  }
}

/// Rank r has r records: none on the first.
TEST(Communicator, GathersListsOfAnyLength) {
  const int n = world->size(), r = world->rank().value;
  const std::vector<Record> mine(static_cast<std::size_t>(r), Record{100 + r, 'r'});
  const auto received = world->gather(std::span<const Record>(mine), Rank{n - 1});
  if (r != n - 1) {
    EXPECT_TRUE(received.values.empty());
    EXPECT_TRUE(received.counts.empty());
    return;
  }
  ASSERT_EQ(received.counts.size(), static_cast<std::size_t>(n));
  std::size_t at = 0;
  for (int s = 0; s < n; ++s) {
    ASSERT_EQ(received.counts[static_cast<std::size_t>(s)], static_cast<std::uint64_t>(s));
    for (int i = 0; i < s; ++i) EXPECT_EQ(received.values.at(at++).a, 100 + s);
  }
  EXPECT_EQ(received.values.size(), at);
}

/// Rank s sends s + 2 r numbers to rank r.
TEST(Communicator, ExchangesUnequalAmounts) {
  const auto n = static_cast<std::uint64_t>(world->size()), me = static_cast<std::uint64_t>(world->rank().value);
  std::vector<std::uint64_t> values, counts;
  for (std::uint64_t r = 0; r < n; ++r) {
    counts.push_back(me + 2 * r);
    values.insert(values.end(), me + 2 * r, 100 * me + r);
  }
  const auto received = world->all_to_all<std::uint64_t>(values, counts);
  std::vector<std::uint64_t> expected;
  for (std::uint64_t s = 0; s < n; ++s) {
    EXPECT_EQ(received.counts[s], s + 2 * me);
    expected.insert(expected.end(), s + 2 * me, 100 * s + me);
  }
  EXPECT_EQ(received.values, expected);
  // The same where the amounts are known, into memory that is there.
  EXPECT_EQ(world->exchange_counts(counts), received.counts);
  std::vector<std::uint64_t> known(expected.size());
  world->all_to_all<std::uint64_t>(values, counts, known, received.counts);
  EXPECT_EQ(known, expected);
}

/// Past 2^30 bytes the transfer is cut into pieces: a little more than that from rank 0 to the last.
TEST(Communicator, ExchangesMoreThanOneMessageHolds) {
  if (world->size() > 2) return;  // two ranks say it all, and take 2 GiB
  struct Block {
    std::uint64_t words[16];
  };
  const std::uint64_t blocks = (std::uint64_t{1} << 30) / sizeof(Block) + 12345;
  std::vector<Block> values;
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(world->size()), 0);
  if (world->is_root()) {
    values.resize(blocks);
    for (std::uint64_t i = 0; i < blocks; ++i) values[i].words[5] = i * 3;
    counts.back() = blocks;
  }
  const auto received = world->all_to_all<Block>(values, counts);
  if (world->rank().value != world->size() - 1) {
    EXPECT_TRUE(received.values.empty());
    return;
  }
  ASSERT_EQ(received.values.size(), blocks);
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < blocks; ++i) wrong += received.values[i].words[5] == i * 3 ? 0 : 1;
  EXPECT_EQ(wrong, 0U);
}

TEST(Communicator, FailsTogether) {
  const int last = world->size() - 1;
  try {
    world->together([&] {
      if (world->rank().value == last) throw std::runtime_error("disk is full");
    });
    FAIL() << "no error";
  } catch (const RuntimeError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("disk is full"));
    EXPECT_EQ(error.what(), last > 0 ? fmt::format("rank {}: disk is full", last) : "disk is full");
  }
  // A mistake of the user's stays one: the command's exit code depends on it.
  const auto mistake = [&] {
    if (world->rank().value == last) throw UsageError("out of range");
  };
  EXPECT_THROW(world->together(mistake), UsageError);
  EXPECT_NO_THROW(world->together([] {}));
  // What all meet is said as one rank alone would say it.
  try {
    world->together([] { throw std::bad_alloc(); });
    FAIL() << "no error";
  } catch (const RuntimeError& error) {
    EXPECT_STREQ(
        error.what(),
        "out of memory; use more ranks or nodes, or single precision; 'ranvier validate --ranks N' foretells the "
        "memory per rank");
  }
}

TEST(Communicator, WaitsNoLongerThanItIsTold) {
  const auto comm = world->duplicate();
  EXPECT_TRUE(comm.barrier(60.0));
  // The first rank comes alone and goes away again; then the others come, and find that it has been there.
  if (world->is_root()) {
    EXPECT_EQ(comm.barrier(0.05), world->size() == 1);
  }
  world->barrier();
  if (!world->is_root()) {
    EXPECT_TRUE(comm.barrier(60.0));
  }
  world->barrier();
}

/// The destructor of a static object runs after MPI has ended: freeing the communicator then would abort the program.
TEST(Communicator, MayOutliveMpi) {
  static const auto survivor = world->duplicate();
  EXPECT_EQ(survivor.size(), world->size());
}

TEST(Communicator, SplitsInTheOrderOfTheKey) {
  const int n = world->size(), r = world->rank().value;
  const auto backwards = world->split(0, n - r);
  EXPECT_EQ(backwards.rank().value, n - 1 - r);
  EXPECT_EQ(backwards.exclusive_sum(1), n - 1 - r);
}

TEST(Communicator, NamesTheCallAndTheReason) {
  const auto expect_refused = [](const auto& call, const std::string& name) {
    try {
      call(Rank{world->size() + 5});
      FAIL() << "no error";
    } catch (const RuntimeError& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr(fmt::format("{} failed on rank {}", name, world->rank().value)));
      EXPECT_THAT(error.what(), ::testing::HasSubstr("invalid root"));
    }
  };
  expect_refused([](Rank root) { world->gather(1, root); }, "MPI_Gather");
  // One rank broadcasts to itself without MPI.
  if (world->size() > 1) expect_refused([](Rank root) { world->broadcast(1, root); }, "MPI_Bcast");
}

TEST(Communicator, SplitsByNode) {
  const auto node = world->on_node();
  EXPECT_EQ(node.size(), world->size());  // the tests run on one machine
  EXPECT_EQ(node.rank(), world->rank());
}

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) { return ranvier::testing::run_mpi_tests(argc, argv); }
