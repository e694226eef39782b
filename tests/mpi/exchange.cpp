// One contract for every exchange: each rank gets exactly the spikes it has targets for, once, in the order promised.
#include "comm/exchange/spike_exchange.hpp"

#include <algorithm>
#include <random>

#include "tests/mpi/main.hpp"

namespace ranvier {
namespace {

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

bool equal(std::span<const Spike> a, std::span<const Spike> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// Runs `intervals` intervals, the size of whose bursts `most(interval)` bounds; returns how many spikes came from others.
template <class Most>
std::uint64_t check(const Network& network, ExchangeKind kind, std::uint64_t intervals, Most most) {
  const auto& comm = *world;
  const auto exchange = make_exchange(comm, network.route(comm), kind);
  std::uint64_t from_others = 0;
  for (std::uint64_t t = 0; t < intervals; ++t) {
    auto mine = network.emitted(comm.rank().value, t, most(t));
    exchange->start(mine);
    std::fill(mine.begin(), mine.end(), Spike{0xffffffffU, 0xffff, 0xffff});  // the span may be reused on return
    EXPECT_TRUE(equal(exchange->local(), network.expected(comm.rank(), comm.rank().value, t, most(t))))
        << "local spikes of interval " << t;
    std::vector<Spike> others;
    for (int r = 0; r < comm.size(); ++r) {
      if (r == comm.rank().value) continue;
      const auto part = network.expected(comm.rank(), r, t, most(t));
      others.insert(others.end(), part.begin(), part.end());
    }
    from_others += others.size();
    const auto received = exchange->finish();
    EXPECT_TRUE(equal(received, others)) << received.size() << " of " << others.size() << " spikes in interval " << t;
    if (::testing::Test::HasFailure()) return 0;
  }
  const auto statistics = exchange->statistics();
  EXPECT_EQ(statistics.exchanges, intervals);
  EXPECT_EQ(statistics.spikes_received, from_others);
  EXPECT_EQ(comm.sum(statistics.spikes_sent), comm.sum(from_others));
  EXPECT_GE(statistics.bytes_sent, statistics.spikes_sent * sizeof(Spike));
  return comm.sum(from_others);
}

class Exchange : public ::testing::TestWithParam<ExchangeKind> {
 protected:
  void SetUp() override { world->barrier(); }
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
  const auto exchange = make_exchange(*world, network.route(*world), GetParam());
  const auto step = [&](std::uint64_t t, std::uint64_t most) {
    exchange->start(network.emitted(world->rank().value, t, most));
    exchange->finish();
  };
  for (std::uint64_t t = 0; t < 10; ++t) step(t, 5000);
  for (std::uint64_t t = 0; t < 600; ++t) step(t, 0);
  const auto before = exchange->statistics().bytes_sent;
  for (std::uint64_t t = 0; t < 100; ++t) step(t, 0);
  const auto per_interval_and_peer =
      (exchange->statistics().bytes_sent - before) / 100 / static_cast<std::uint64_t>(world->size() - 1);
  EXPECT_LE(per_interval_and_peer, 17 * sizeof(Spike));
}

/// As when another part fails: it neither waits for the others nor takes away memory that MPI still uses.
TEST_P(Exchange, MayEndInTheMiddleOfAnInterval) {
  const Network network(world->size(), 100, 0.8, 12);
  for (const std::uint64_t most : {3U, 5000U}) {
    const auto exchange = make_exchange(*world, network.route(*world), GetParam());
    exchange->start(network.emitted(world->rank().value, 1, most));
  }
  world->barrier();
  check(network, GetParam(), 20, [](std::uint64_t) { return 300; });
}

TEST_P(Exchange, MayEndWithoutFinishingAnyInterval) {
  const Network network(world->size(), 50, 0.5, 11);
  const auto exchange = make_exchange(*world, network.route(*world), GetParam());
  EXPECT_EQ(exchange->statistics().exchanges, 0U);
  EXPECT_GT(exchange->bytes(), 0U);
}

INSTANTIATE_TEST_SUITE_P(All, Exchange,
                         ::testing::Values(ExchangeKind::automatic, ExchangeKind::neighbours, ExchangeKind::all_to_all,
                                           ExchangeKind::nccl),
                         [](const auto& info) {
                           switch (info.param) {
                             case ExchangeKind::neighbours: return "Neighbours";
                             case ExchangeKind::all_to_all: return "AllToAll";
                             case ExchangeKind::nccl: return "Nccl";
                             default: return "Automatic";
                           }
                         });

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

/// A dry run of one rank sends what the real rank of a network with the symmetry it assumes would send.
TEST(DryRun, EchoesItsOwnMessages) {
  constexpr std::uint32_t per_rank = 10;
  constexpr int ranks = 1000;
  const auto owner = [](GlobalId id) {
    return Owner{Rank{static_cast<int>(id.value / per_rank)},
                 LocalIndex{static_cast<std::uint32_t>(id.value % per_rank)}};
  };
  // Rank 7 needs all its own neurons and neuron 3 of every other rank.
  std::vector<GlobalId> sources;
  for (std::uint64_t id = 0; id < std::uint64_t{per_rank} * ranks; ++id)
    if (id / per_rank == 7 || id % per_rank == 3) sources.push_back(GlobalId{id});
  auto routing = pretend_routing(Rank{7}, ranks, sources, per_rank, owner);
  EXPECT_EQ(routing.peers.size(), 999U);
  EXPECT_EQ(routing.destinations.size(), 999U);
  const auto exchange = make_dry_run_exchange(std::move(routing));
  exchange->start(std::vector<Spike>{{3, 2, 1}, {4, 1, 2}});
  EXPECT_EQ(exchange->local().size(), 2U);
  const auto received = exchange->finish();
  ASSERT_EQ(received.size(), 999U);
  EXPECT_EQ(received.front(), (Spike{0, 2, 1}));
  EXPECT_EQ(received.back(), (Spike{static_cast<std::uint32_t>(sources.size() - 1), 2, 1}));
  EXPECT_EQ(exchange->statistics().bytes_sent, 999U * 2 * sizeof(Spike));
}

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) { return ranvier::testing::run_mpi_tests(argc, argv); }
