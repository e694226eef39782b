// One rank's network, as plain data: what it is must depend neither on the number of threads that build it nor on how its
// synapses are written.
#include "core/build/network_builder.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "io/config/reader.hpp"
#include "tests/mpi/main.hpp"

namespace ranvier {
namespace {

using testing::world;

/// Rules of both sides, constant and drawn weights and delays, and a population with few targets.
constexpr const char* text = R"(
name: built
simulation: {duration: 10 ms, dt: 0.1 ms, seed: 7}
populations:
  exc:
    size: 1900
    model: lif
    receptors: {ampa: {model: exponential, tau: 5 ms}, gaba: {model: exponential, tau: 10 ms}}
  inh: {like: exc, size: 301}
  few: {like: exc, size: 5}
projections:
  - {source: exc, target: [exc, inh, few], receptor: ampa, rule: pairwise_bernoulli, p: 0.03, weight: {normal: {mean: 20 pA, std: 4 pA, min: 0 pA}}, delay: 1 ms}
  - {source: exc, target: exc, receptor: ampa, rule: fixed_total_number, N: 5000, weight: 10 pA, delay: {uniform: {low: 0.5 ms, high: 4 ms}}}
  - {source: inh, target: [exc, inh], receptor: gaba, rule: fixed_outdegree, outdegree: 40, weight: {uniform: {low: -200 pA, high: -50 pA}}, delay: {uniform: {low: 0.5 ms, high: 3 ms}}}
  - {source: few, target: exc, receptor: ampa, rule: fixed_indegree, indegree: 2, weight: 10 pA, delay: 1 ms}
  - {source: exc, target: few, receptor: gaba, rule: all_to_all, weight: -1 pA, delay: 2 ms}
)";

class NetworkBuilderTest : public ::testing::Test {
 protected:
  template <class Real>
  BuiltNetwork<Real> build(int threads) const {
    const Partition partition(config.population_sizes(), world->size());
    const NodeSelections nodes(config, *world);
    return NetworkBuilder<Real>(config, session, partition, nodes, *world, threads)();
  }

  Session session;
  Config config = parse_config(text, "config.yaml", "", session.catalogue(), {});
};

template <class T>
std::vector<T> values(const HostBuffer<T>& buffer) {
  return std::vector<T>(buffer.data(), buffer.data() + buffer.size());
}

template <class Real>
void expect_same(const SynapseTable<Real>& a, const SynapseTable<Real>& b) {
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.row0, b.row0);
  EXPECT_EQ(a.delay, b.delay);
  EXPECT_EQ(a.weight, b.weight);
  ASSERT_EQ(a.parts.size(), b.parts.size());
  for (std::size_t p = 0; p < a.parts.size(); ++p) {
    EXPECT_EQ(a.parts[p].block, b.parts[p].block);
    EXPECT_EQ(a.parts[p].first, b.parts[p].first);
  }
  EXPECT_EQ(values(a.offsets), values(b.offsets));
  EXPECT_EQ(values(a.index16), values(b.index16));
  EXPECT_EQ(values(a.index32), values(b.index32));
  EXPECT_EQ(values(a.weights), values(b.weights));
}

template <class Real>
void expect_same(const BuiltNetwork<Real>& a, const BuiltNetwork<Real>& b) {
  EXPECT_EQ(a.sources, b.sources);
  EXPECT_EQ(a.synapses, b.synapses);
  EXPECT_EQ(a.network.layout.interval, b.network.layout.interval);
  EXPECT_EQ(a.network.layout.max_delay, b.network.layout.max_delay);
  EXPECT_EQ(a.network.layout.ring_elements, b.network.layout.ring_elements);
  ASSERT_EQ(a.network.projections.size(), b.network.projections.size());
  for (std::size_t p = 0; p < a.network.projections.size(); ++p) {
    const auto &ours = a.network.projections[p].sources, &theirs = b.network.projections[p].sources;
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t s = 0; s < ours.size(); ++s) {
      EXPECT_EQ(ours[s].slot0, theirs[s].slot0);
      ASSERT_EQ(ours[s].tables.size(), theirs[s].tables.size());
      for (std::size_t t = 0; t < ours[s].tables.size(); ++t) expect_same(ours[s].tables[t], theirs[s].tables[t]);
    }
  }
  for (std::size_t p = 0; p < a.network.populations.size(); ++p)
    for (std::size_t r = 0; r < a.network.populations[p].receptors.size(); ++r)
      EXPECT_EQ(a.network.populations[p].receptors[r].inverse_scale,
                b.network.populations[p].receptors[r].inverse_scale);
}

TEST_F(NetworkBuilderTest, IsTheSameForAnyNumberOfThreads) {
  for (const int threads : {2, 5, 64}) {
    expect_same(build<double>(1), build<double>(threads));
    expect_same(build<float>(1), build<float>(threads));
  }
}

TEST_F(NetworkBuilderTest, HoldsAllSynapsesOfTheNetworkOnce) {
  const BuiltNetwork<double> built = build<double>(3);
  std::uint64_t in_tables = 0;
  for (const auto& projection : built.network.projections)
    for (const auto& source : projection.sources)
      for (const auto& table : source.tables) in_tables += table.size();
  EXPECT_EQ(in_tables, built.synapses);
  const std::uint64_t all = world->sum(built.synapses);
  // Those of rules with a given number, and about 0.03 * 1900 * 2206 of pairs.
  const std::uint64_t given = 5000 + 40 * 301 * 2 + 2 * 1900 + 1900 * 5;
  EXPECT_NEAR(static_cast<double>(all - given), 125742.0, 5.0 * std::sqrt(125742.0));
}

TEST_F(NetworkBuilderTest, NumbersSourcesInTheOrderOfTheirIds) {
  const BuiltNetwork<double> built = build<double>(1);
  EXPECT_TRUE(std::is_sorted(built.sources.begin(), built.sources.end()));
  std::uint32_t slots = 0;
  for (const SourceSlots& source : built.network.sources) {
    EXPECT_EQ(source.slot0, slots) << source.population;
    slots += source.slots;
  }
  EXPECT_EQ(slots, built.sources.size());
}

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) { return ranvier::testing::run_mpi_tests(argc, argv); }
