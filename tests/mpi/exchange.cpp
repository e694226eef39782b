// One contract for every exchange: each rank gets exactly the spikes it has targets for, once, in the order promised.
#include "comm/exchange/spike_exchange.hpp"

#include <algorithm>
#include <random>
#include <tuple>

#include "core/base/error.hpp"

#include "tests/mpi/main.hpp"
#include "tests/mpi/spikes_in_memory.hpp"

namespace ranvier {
namespace {

using testing::SpikesInMemory;
using testing::world;

/// A random network of ids, known whole to every rank, so that each can work out what it must get.
struct Network {
  std::vector<std::uint32_t> neurons;            ///< per rank
  std::vector<Owner> owner;                      ///< per global id
  std::vector<std::vector<GlobalId>> sources;    ///< per rank, ascending
  std::vector<std::vector<std::uint64_t>> gids;  ///< per rank and local index

  Network(int ranks, std::uint64_t total, double density, std::uint64_t seed,
          const std::vector<int>& empty_ranks = {}) {
    std::mt19937_64 random(seed);
    neurons.assign(static_cast<std::size_t>(ranks), 0);
    gids.resize(neurons.size());
    sources.resize(neurons.size());
    std::vector<int> holders;
    for (int r = 0; r < ranks; ++r)
      if (std::find(empty_ranks.begin(), empty_ranks.end(), r) == empty_ranks.end()) holders.push_back(r);
    for (std::uint64_t id = 0; id < total; ++id) {
      const int r = holders[random() % holders.size()];
      owner.push_back({Rank{r}, LocalIndex{neurons[static_cast<std::size_t>(r)]++}});
      gids[static_cast<std::size_t>(r)].push_back(id);
    }
    std::bernoulli_distribution needed(density);
    for (const int r : holders)
      for (std::uint64_t id = 0; id < total; ++id)
        if (needed(random)) sources[static_cast<std::size_t>(r)].push_back(GlobalId{id});
  }

  const std::vector<GlobalId>& sources_of(Rank r) const { return sources[static_cast<std::size_t>(r.value)]; }
  std::uint32_t neurons_of(Rank r) const { return neurons[static_cast<std::size_t>(r.value)]; }

  Routing route(const Communicator& comm) const {
    return build_routing(comm, sources_of(comm.rank()), neurons_of(comm.rank()),
                         [this](GlobalId id) { return owner[id.value]; });
  }

  /// What `sender` emits in an interval: the same on whatever rank it is asked.
  std::vector<Spike> emitted(int sender, std::uint64_t interval, std::uint64_t most) const {
    const std::uint32_t n = neurons[static_cast<std::size_t>(sender)];
    std::vector<Spike> spikes;
    if (n == 0) return spikes;
    std::mt19937_64 random(interval * 1000003 + static_cast<std::uint64_t>(sender));
    const std::uint64_t count = random() % (most + 1);
    for (std::uint64_t i = 0; i < count; ++i)
      spikes.push_back({static_cast<std::uint32_t>(random() % n), static_cast<std::uint16_t>(random() % 15),
                        static_cast<std::uint16_t>(1 + random() % 3)});
    return spikes;
  }

  /// By brute force: what `receiver` must hear of `sender`.
  std::vector<Spike> expected(Rank receiver, int sender, std::uint64_t interval, std::uint64_t most) const {
    std::vector<Spike> spikes;
    const auto& wanted = sources_of(receiver);
    for (const auto& s : emitted(sender, interval, most)) {
      const GlobalId id{gids[static_cast<std::size_t>(sender)][s.source]};
      const auto at = std::lower_bound(wanted.begin(), wanted.end(), id);
      if (at != wanted.end() && *at == id)
        spikes.push_back({static_cast<std::uint32_t>(at - wanted.begin()), s.offset, s.multiplicity});
    }
    return spikes;
  }
};

/// An exchange, and the memory in which the neurons of its ranks make their spikes.
struct Case {
  ExchangeKind kind;
  MemorySpace space;
};

std::unique_ptr<SpikeExchange> make(const Network& network, const Case& c) {
  return make_exchange(*world, network.route(*world), c.space, c.kind);
}

/// On a device spikes come in any order.
std::vector<Spike> in_order(std::vector<Spike> spikes, MemorySpace space) {
  if (space == MemorySpace::device)
    std::sort(spikes.begin(), spikes.end(), [](const Spike& a, const Spike& b) {
      return std::tie(a.source, a.offset, a.multiplicity) < std::tie(b.source, b.offset, b.multiplicity);
    });
  return spikes;
}

/// Runs `intervals` intervals, the size of whose bursts `most(interval)` bounds; returns how many spikes came from others.
template <class Most>
std::uint64_t check(const Network& network, const Case& c, std::uint64_t intervals, Most most) {
  const auto& comm = *world;
  const auto exchange = make(network, c);
  const MemorySpace space = exchange->space();
  SpikesInMemory memory;
  std::uint64_t from_others = 0;
  for (std::uint64_t t = 0; t < intervals; ++t) {
    exchange->start(memory.put(network.emitted(comm.rank().value, t, most(t)), space));
    memory.spoil();  // the list may be reused on return
    EXPECT_EQ(in_order(SpikesInMemory::get(exchange->local()), space),
              in_order(network.expected(comm.rank(), comm.rank().value, t, most(t)), space))
        << "local spikes of interval " << t;
    std::vector<Spike> others;
    for (int r = 0; r < comm.size(); ++r) {
      if (r == comm.rank().value) continue;
      const auto part = network.expected(comm.rank(), r, t, most(t));
      others.insert(others.end(), part.begin(), part.end());
    }
    from_others += others.size();
    EXPECT_EQ(in_order(SpikesInMemory::get(exchange->finish()), space), in_order(others, space))
        << "spikes of others in interval " << t;
    if (::testing::Test::HasFailure()) return 0;
  }
  const auto statistics = exchange->statistics();
  EXPECT_EQ(statistics.exchanges, intervals);
  EXPECT_EQ(statistics.spikes_received, from_others);
  EXPECT_EQ(comm.sum(statistics.spikes_sent), comm.sum(from_others));
  EXPECT_GE(statistics.bytes_sent, statistics.spikes_sent * sizeof(Spike));
  return comm.sum(from_others);
}

class Exchange : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    testing::take_device(world->on_node().rank().value);
    world->barrier();
    try {
      make(Network(world->size(), 1, 1.0, 0), GetParam());
    } catch (const UsageError& reason) {
      // NCCL needs a GPU for each rank, and a build with it: make_exchange says what is missing here.
      GTEST_SKIP() << reason.what();
    }
  }
};

TEST_P(Exchange, DeliversWhatBruteForceSays) {
  const Network network(world->size(), 200, 0.4, 1);
  const auto spikes = check(network, GetParam(), 300, [](std::uint64_t) { return 40; });
  if (world->size() > 1) {
    EXPECT_GT(spikes, 300U);
  }
}

TEST_P(Exchange, ManyIntervalsSomeEmpty) {
  const Network network(world->size(), 100, 0.5, 2);
  check(network, GetParam(), 4000, [](std::uint64_t t) { return t % 3 == 0 ? 0 : 2; });
}

TEST_P(Exchange, NothingAtAll) {
  const Network network(world->size(), 50, 0.5, 3);
  EXPECT_EQ(check(network, GetParam(), 500, [](std::uint64_t) { return 0; }), 0U);
}

/// Bursts past any chunk, after long quiet, so that the chunk has grown and shrunk on the way.
TEST_P(Exchange, BurstsLargerThanTheChunk) {
  const Network network(world->size(), 300, 0.7, 4);
  check(network, GetParam(), 1200, [](std::uint64_t t) {
    if (t % 400 == 0) return std::uint64_t{20000};
    return t % 100 == 50 ? std::uint64_t{700} : std::uint64_t{3};
  });
}

TEST_P(Exchange, RanksWithoutNeurons) {
  std::vector<int> empty;
  for (int r = 1; r < world->size(); r += 2) empty.push_back(r);
  check(Network(world->size(), 60, 0.5, 5, empty), GetParam(), 200, [](std::uint64_t) { return 30; });
  // All neurons on one rank.
  empty.clear();
  for (int r = 0; r + 1 < world->size(); ++r) empty.push_back(r);
  check(Network(world->size(), 60, 0.5, 6, empty), GetParam(), 200, [](std::uint64_t) { return 30; });
}

TEST_P(Exchange, FewerNeuronsThanRanks) {
  check(Network(world->size(), 1, 1.0, 7), GetParam(), 50, [](std::uint64_t) { return 5; });
  check(Network(world->size(), 0, 1.0, 8), GetParam(), 50, [](std::uint64_t) { return 5; });
}

/// A chain that only feeds forward: rank r needs rank r - 1 alone.
TEST_P(Exchange, OneWayTraffic) {
  Network network(world->size(), 120, 0.0, 9);
  for (int r = 1; r < world->size(); ++r)
    for (const auto id : network.gids[static_cast<std::size_t>(r - 1)])
      network.sources[static_cast<std::size_t>(r)].push_back(GlobalId{id});
  check(network, GetParam(), 1000, [](std::uint64_t) { return 400; });
}

/// Bytes per interval follow the traffic again after a burst.
TEST_P(Exchange, ChunkShrinksAfterABurst) {
  if (world->size() == 1) return;
  const Network network(world->size(), 100, 1.0, 10);
  const auto exchange = make(network, GetParam());
  SpikesInMemory memory;
  const auto step = [&](std::uint64_t t, std::uint64_t most) {
    exchange->start(memory.put(network.emitted(world->rank().value, t, most), exchange->space()));
    exchange->finish();
  };
  for (std::uint64_t t = 0; t < 10; ++t) step(t, 5000);
  for (std::uint64_t t = 0; t < 600; ++t) step(t, 0);
  const auto before = exchange->statistics().bytes_sent;
  for (std::uint64_t t = 0; t < 100; ++t) step(t, 0);
  const auto per_interval_and_peer =
      (exchange->statistics().bytes_sent - before) / 100 / static_cast<std::uint64_t>(world->size() - 1);
  const std::size_t smallest_chunk = exchange->space() == MemorySpace::device ? 256 : 16;
  EXPECT_LE(per_interval_and_peer, (smallest_chunk + 1) * sizeof(Spike));
}

/// As when another part fails: it neither waits for the others nor takes away memory that MPI still uses.
TEST_P(Exchange, MayEndInTheMiddleOfAnInterval) {
  const Network network(world->size(), 100, 0.8, 12);
  for (const std::uint64_t most : {3U, 5000U}) {
    const auto exchange = make(network, GetParam());
    SpikesInMemory memory;
    exchange->start(memory.put(network.emitted(world->rank().value, 1, most), exchange->space()));
  }
  world->barrier();
  check(network, GetParam(), 20, [](std::uint64_t) { return 300; });
}

TEST_P(Exchange, MayEndWithoutFinishingAnyInterval) {
  const Network network(world->size(), 50, 0.5, 11);
  const auto exchange = make(network, GetParam());
  EXPECT_EQ(exchange->statistics().exchanges, 0U);
  EXPECT_GT(exchange->bytes().routing, 0U);
}

constexpr Case automatic{ExchangeKind::automatic, MemorySpace::host};
constexpr Case neighbours{ExchangeKind::neighbours, MemorySpace::host};
constexpr Case all_to_all{ExchangeKind::all_to_all, MemorySpace::host};
constexpr Case nccl{ExchangeKind::nccl, MemorySpace::device};
constexpr Case staged{ExchangeKind::mpi, MemorySpace::device};

INSTANTIATE_TEST_SUITE_P(All, Exchange, ::testing::Values(automatic, neighbours, all_to_all, nccl, staged),
                         [](const auto& info) {
                           const char* const space = info.param.space == MemorySpace::host ? "" : "OfDevices";
                           switch (info.param.kind) {
                             case ExchangeKind::neighbours: return std::string("Neighbours") + space;
                             case ExchangeKind::all_to_all: return std::string("AllToAll") + space;
                             case ExchangeKind::nccl: return std::string("Nccl") + space;
                             case ExchangeKind::mpi: return std::string("Mpi") + space;
                             case ExchangeKind::automatic: break;
                           }
                           return std::string("Automatic") + space;
                         });

/// Over MPI spikes pass through host memory, wherever they are made.
TEST(ExchangeChoice, MpiTakesSpikesInHostMemory) {
  const Network network(world->size(), 20, 0.5, 13);
  EXPECT_EQ(make(network, staged)->space(), MemorySpace::host);
}

TEST(ExchangeChoice, NcclIsRefusedWithAReasonWhereSpikesAreInHostMemory) {
  const Network network(world->size(), 20, 0.5, 14);
  try {
    make(network, {ExchangeKind::nccl, MemorySpace::host});
    FAIL() << "no error";
  } catch (const UsageError& error) {
    EXPECT_EQ(std::string(error.what()).rfind("--exchange nccl: ", 0), 0U) << error.what();
  }
}

TEST(Routing, SendsOnlyToRanksWithTargets) {
  const Network network(world->size(), 400, 0.3, 12);
  const auto routing = network.route(*world);
  std::uint64_t destinations = 0;
  for (int r = 0; r < world->size(); ++r) {
    if (r == world->rank().value) continue;
    for (const auto id : network.sources_of(Rank{r}))
      destinations += network.owner[id.value].rank == world->rank() ? 1 : 0;
  }
  EXPECT_EQ(routing.destinations.size(), destinations);
  EXPECT_EQ(routing.slots, network.sources_of(world->rank()).size());
  for (const auto& [peer, slot] : routing.destinations) {
    ASSERT_LT(peer, routing.peers.size());
    EXPECT_LT(slot, network.sources_of(Rank{routing.peers[peer]}).size());
  }
}

TEST(Routing, RefusesSourcesOutOfOrderOnAllRanks) {
  // Only rank 0 is wrong; all must hear of it.
  std::vector<GlobalId> sources{GlobalId{0}, GlobalId{1}};
  if (world->is_root()) std::swap(sources[0], sources[1]);
  const auto owner = [](GlobalId id) { return Owner{Rank{0}, LocalIndex{static_cast<std::uint32_t>(id.value)}}; };
  EXPECT_THROW(build_routing(*world, sources, world->is_root() ? 2 : 0, owner), std::exception);
}

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) { return ranvier::testing::run_mpi_tests(argc, argv); }
