#include "core/build/synapse_builder.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <tuple>

#include "tests/support/mpi_session.hpp"

namespace ranvier {
namespace {

/// Source neuron, target population, target neuron, receptor, delay, weight in units of its receptor's accumulator.
using Synapse = std::tuple<std::uint32_t, std::size_t, std::uint32_t, std::uint32_t, std::uint32_t, std::int64_t>;
using Synapses = std::map<Synapse, int>;  ///< and how often it is there

constexpr std::uint32_t source_neurons = 900;

/// Projections from one population of 900 neurons onto a population of 1,300 neurons with two receptors and one of 70 with
/// one receptor, in several blocks.
class SynapseBuilderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    layout.populations.resize(2);
    layout.populations[0].size = layout.populations[0].count = 1300;
    layout.populations[0].receptors = 2;
    layout.populations[1].size = layout.populations[1].count = 70;
    layout.populations[1].receptors = 1;
    layout.interval = 1;
    layout.max_delay = 30;
    lay_out(layout, {.ring_bytes = 200 * 1024, .synapses_per_source = 240.0});
    ASSERT_GE(layout.blocks.size(), 3u);
  }

  /// `every`: one target in so many has synapses, 0 to 6 of them.
  void add(std::size_t target, std::uint32_t receptor, const Value& weight, std::optional<std::uint16_t> delay,
           std::uint32_t every) {
    auto config = std::make_unique<ProjectionConfig>();
    config->key = std::to_string(configs.size());
    config->weight = weight;
    ConnectedProjection p;
    p.config = config.get();
    p.target = target;
    p.receptor = receptor;
    p.edges.begin = {0};
    for (std::uint32_t t = 0; t < layout.populations[target].count; ++t) {
      const auto degree = t % every == 0 ? random() % 7 : 0;
      for (std::uint32_t j = 0; j < degree; ++j)
        p.edges.sources.push_back(static_cast<std::uint32_t>(random() % (source_neurons / 3) * 3));  // one in three
      p.edges.begin.push_back(p.edges.sources.size());
    }
    p.edges.constant_delay = delay.has_value();
    p.edges.delay = delay.value_or(1);
    if (!delay)
      for (std::size_t k = 0; k < p.edges.sources.size(); ++k)
        p.edges.delays.push_back(static_cast<std::uint16_t>(1 + random() % 30));
    configs.push_back(std::move(config));
    projections.push_back(std::move(p));
  }

  /// What the edges say.
  template <class Real>
  Synapses expected(const Scales& scales) const {
    Synapses all;
    for (const ConnectedProjection& p : projections) {
      const PopulationLayout& target = layout.populations[p.target];
      const SynapseValues weights = SynapseValues::weights(*p.config, seed, p.edges, 0, target.size);
      for (std::uint32_t t = 0; t < target.count; ++t) {
        std::vector<double> weight(p.edges.degree(t));
        weights.fill(t, weight);
        for (std::uint32_t j = 0; j < weight.size(); ++j) {
          const std::uint64_t k = p.edges.begin[t] + j;
          ++all[{p.edges.sources[k], p.target, t, p.receptor,
                 p.edges.constant_delay ? p.edges.delay : p.edges.delays[k],
                 scales.to_fixed(p.target, p.receptor, static_cast<Real>(weight[j]))}];
        }
      }
    }
    return all;
  }

  /// Which neuron and receptor a port of a block is.
  std::tuple<std::size_t, std::uint32_t, std::uint32_t> find_port(std::uint32_t block, std::uint32_t port) const {
    for (std::size_t p = 0; p < layout.populations.size(); ++p)
      for (std::uint32_t t = 0; t < layout.populations[p].count; ++t)
        for (std::uint32_t r = 0; r < layout.populations[p].receptors; ++r)
          if (layout.populations[p].tile_of(t).block == block && layout.populations[p].port(t, r) == port)
            return {p, t, r};
    ADD_FAILURE() << "no port " << port << " in block " << block;
    return {};
  }

  template <class Real>
  Synapses read(const SourceTables<Real>& tables, const std::vector<std::uint32_t>& neuron_of_row) const {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::tuple<std::size_t, std::uint32_t, std::uint32_t>> ports;
    Synapses all;
    for (const SynapseTable<Real>& table : tables.tables)
      for (std::size_t part = 0; part < table.parts.size(); ++part) {
        const auto [block, first] = table.parts[part];
        EXPECT_GT(table.offsets_of(part)[table.rows], 0u) << "a part without synapses";
        for (std::uint32_t row = 0; row < table.rows; ++row)
          for (std::uint64_t k = first + table.offsets_of(part)[row]; k < first + table.offsets_of(part)[row + 1];
               ++k) {
            const std::uint32_t stride = layout.blocks[block].ports;
            const std::uint32_t port = table.constant_delay ? table.index16[k] : table.index32[k] % stride;
            const std::uint32_t delay = table.constant_delay ? table.delay : table.index32[k] / stride;
            if (!ports.contains({block, port})) ports[{block, port}] = find_port(block, port);
            const auto [population, neuron, receptor] = ports[{block, port}];
            ++all[{neuron_of_row[row], population, neuron, receptor, delay,
                   table.constant_weight ? table.weight : table.weights[k]}];
          }
      }
    return all;
  }

  template <class Real>
  void expect_tables_of_the_edges(int threads) {
    std::vector<std::span<const std::uint32_t>> sources;
    std::vector<ConnectedProjection> copy = projections;
    std::vector<ConnectedProjection*> members;
    for (ConnectedProjection& p : copy) {
      sources.emplace_back(p.edges.sources);
      members.push_back(&p);
    }
    const SourceSet slots(source_neurons, sources, threads);
    std::vector<std::uint32_t> neuron_of_row;
    slots.for_each([&](std::uint64_t neuron) { neuron_of_row.push_back(static_cast<std::uint32_t>(neuron)); });
    Scales scales(layout);
    SynapseBuilder<Real> builder(layout, seed, threads);
    builder.build(members, slots, 5, 1.0, scales);
    scales.choose(Communicator::self(), 8 * sizeof(Accumulator<Real>));
    std::vector<ProjectionPlan<Real>> plans(1);
    builder.finish(scales, plans);
    ASSERT_EQ(plans[0].sources.size(), 1u);
    const SourceTables<Real>& tables = plans[0].sources[0];
    EXPECT_EQ(tables.slot0, 5u);
    EXPECT_EQ(tables.slots, slots.size());
    EXPECT_EQ(read(tables, neuron_of_row), expected<Real>(scales));
  }

  static constexpr std::uint64_t seed = 3;
  Layout layout;
  std::mt19937 random{1};
  std::vector<std::unique_ptr<ProjectionConfig>> configs;
  std::vector<ConnectedProjection> projections;
};

/// Constant and drawn weights and delays; some projections share a table, one has no synapse, one ends in the last tile only.
TEST_F(SynapseBuilderTest, EverySynapseIsInTheTablesOnce) {
  Distribution normal;
  normal.kind = Distribution::Kind::normal;
  normal.a = 2.0;
  normal.b = 0.5;
  add(0, 0, 1.5, 3, 1);
  add(0, 1, 1.5, 3, 2);
  add(1, 0, 1.5, 3, 1);
  add(0, 1, -4.0, 7, 3);
  add(0, 0, normal, 3, 1);
  add(1, 0, normal, std::nullopt, 1);
  add(0, 1, normal, std::nullopt, 2);
  add(0, 0, 0.25, std::nullopt, 1);
  add(0, 0, 9.0, 2, 2000);
  for (const int threads : {1, 3}) {
    expect_tables_of_the_edges<double>(threads);
    expect_tables_of_the_edges<float>(threads);
  }
}

TEST_F(SynapseBuilderTest, NothingIsHeldForBlocksWithoutSynapses) {
  add(1, 0, 1.0, 3, 1);
  std::vector<ConnectedProjection*> members{&projections[0]};
  const SourceSet slots(source_neurons, {projections[0].edges.sources}, 1);
  Scales scales(layout);
  SynapseBuilder<double> builder(layout, seed, 1);
  builder.build(members, slots, 0, 1.0, scales);
  scales.choose(Communicator::self(), 64);
  std::vector<ProjectionPlan<double>> plans(1);
  builder.finish(scales, plans);
  const SynapseTable<double>& table = plans[0].sources[0].tables[0];
  ASSERT_EQ(table.parts.size(), 1u);
  EXPECT_EQ(table.parts[0].block, layout.populations[1].tiles[0].block);
  EXPECT_EQ(table.offsets.size(), slots.size() + 1);
  EXPECT_EQ(table.row_bytes(), bytes_of_rows(slots.size()) + sizeof(TablePart));
  EXPECT_EQ(table.synapse_bytes(), table.size() * bytes_per_synapse(true, true, 8));
}

}  // namespace
}  // namespace ranvier
