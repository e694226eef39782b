// Synapses from a file are the same on any number of ranks, whichever way they come: through the index, by an exchange, from
// several groups, for some of the nodes.
#include "core/build/read_edges.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "core/base/error.hpp"
#include "core/build/node_selections.hpp"
#include "tests/mpi/main.hpp"
#include "tests/support/sonata_edges.hpp"

namespace ranvier {
namespace {

using ::testing::HasSubstr;
using testing::SonataEdges;
using testing::world;

/// A file, what it holds, and what a rank must find in it.
struct ReadEdgesTest : ::testing::Test {
  static constexpr std::uint64_t n_source = 37, n_target = 23;
  SonataEdges file;
  EdgesRequest request;
  ProjectionConfig projection;
  std::vector<double> weights;        ///< by edge
  std::vector<std::uint16_t> delays;  ///< by edge, steps of 0.1 ms
  std::filesystem::path folder;

  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder =
        std::filesystem::temp_directory_path() / ("ranvier-read-edges-" + std::to_string(world->size()) + test->name());
    if (world->is_root()) std::filesystem::create_directories(folder);
    world->barrier();
    request.edges.file = folder / "e.h5";
    request.source.ids = n_source;
    request.target.ids = n_target;
    projection.key = "a>b:ex#0";
  }
  void TearDown() override {
    world->barrier();
    if (world->is_root()) std::filesystem::remove_all(folder);
  }

  /// Edges with pseudo-random ends (a linear congruence), by target where `sorted`; target 5 has none.
  void make_edges(std::size_t count, bool sorted) {
    std::uint64_t x = 12345;
    const auto draw = [&](std::uint64_t n) {
      x = x * 6364136223846793005u + 1442695040888963407u;
      return (x >> 33) % n;
    };
    for (std::size_t e = 0; e < count; ++e) {
      std::uint64_t target = draw(n_target);
      if (target == 5) target = 6;
      file.targets.push_back(target);
    }
    if (sorted) std::sort(file.targets.begin(), file.targets.end());
    SonataEdges::Attributes attributes;
    for (std::size_t e = 0; e < count; ++e) {
      file.sources.push_back(draw(n_source));
      weights.push_back(static_cast<double>(e) - 100.0);
      delays.push_back(static_cast<std::uint16_t>(1 + draw(50)));
      attributes.weight.push_back(weights.back());
      attributes.delay.push_back(0.1 * delays.back());
    }
    file.groups["0"] = attributes;
  }

  std::uint64_t n_targets() const {
    return request.target.selected ? request.target.selected->size() : request.target.ids;
  }

  Edges read() const {
    if (world->is_root()) file.write(request.edges.file);
    world->barrier();
    const Partition partition({0, n_targets()}, world->size());
    EdgesRequest whole = request;
    whole.targets = {0, n_targets()};
    return std::move(ReadEdges{*world, partition}({{&projection, 1, whole}}).at(0));
  }

  /// Edge by edge, target by target.
  void expect_right(const Edges& edges) const {
    const Partition partition({0, n_targets()}, world->size());
    const auto share = partition.share(1, world->rank());
    ASSERT_EQ(edges.targets(), share.count());
    std::size_t k = 0;
    for (std::uint64_t t = share.first; t < share.last; ++t) {
      const auto& selected = request.target.selected;
      const std::uint64_t id = selected ? selected->at(static_cast<std::uint32_t>(t)) : t;
      for (std::size_t e = 0; e < file.targets.size(); ++e) {
        if (file.targets[e] != id) continue;
        const auto source = static_cast<std::uint32_t>(file.sources[e]);
        if (request.source.selected && !request.source.selected->contains(source)) continue;
        if (request.edges.sign == EdgesConfig::Sign::negative && weights[e] >= 0.0) continue;
        ASSERT_LT(k, edges.sources.size());
        ASSERT_EQ(edges.sources[k], request.source.selected ? request.source.selected->index(source) : source);
        ASSERT_EQ(edges.weights[k], weights[e]);
        ASSERT_EQ(edges.delays[k], delays[e]);
        ++k;
      }
      ASSERT_EQ(edges.begin[t - share.first + 1], k);
    }
    EXPECT_EQ(edges.sources.size(), k);
  }
  std::string problem() const {
    try {
      read();
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(ReadEdgesTest, ByTheIndex) {
  make_edges(900, true);
  file.index_rows = n_target;
  for (const char* name : {"node_id_to_ranges", "node_id_to_range"}) {
    file.first_table = name;
    expect_right(read());
  }
}

TEST_F(ReadEdgesTest, ByAnExchange) {
  make_edges(900, false);
  expect_right(read());
  // An index of as many ranges as edges is not used.
  file.first_table = "node_id_to_ranges";
  file.index_rows = n_target;
  expect_right(read());
}

TEST_F(ReadEdgesTest, OfOneSign) {
  make_edges(300, true);
  request.edges.sign = EdgesConfig::Sign::negative;
  expect_right(read());
  file.first_table = "node_id_to_ranges";
  file.index_rows = n_target;
  expect_right(read());
}

TEST_F(ReadEdgesTest, BothSignsAtOnce) {
  make_edges(900, true);
  file.first_table = "node_id_to_ranges";
  file.index_rows = n_target;
  if (world->is_root()) file.write(request.edges.file);
  world->barrier();
  request.targets = {0, n_target};
  EdgesRequest negative = request;
  negative.edges.sign = EdgesConfig::Sign::negative;
  const Partition partition({0, n_target}, world->size());
  const auto all = ReadEdges{*world, partition}({{&projection, 1, request}, {&projection, 1, negative}});
  expect_right(all.at(0));
  request = negative;
  expect_right(all.at(1));
}

TEST_F(ReadEdgesTest, OfSeveralGroups) {
  make_edges(600, false);
  file.groups.clear();
  for (std::size_t e = 0; e < 600; ++e) {
    const bool first = e % 3 == 0;
    auto& group = file.groups[first ? "0" : "12"];
    file.group_id.push_back(first ? 0 : 12);
    file.group_index.push_back(static_cast<std::int64_t>(group.weight.size()));
    group.weight.push_back(weights[e]);
    group.delay.push_back(0.1 * delays[e]);
  }
  expect_right(read());
}

TEST_F(ReadEdgesTest, OfSomeNodes) {
  IdSet sources(n_source), targets(n_target);
  for (std::uint32_t i = 0; i < n_source; i += 2) sources.mark(i);
  for (const std::uint32_t i : {1u, 5u, 6u, 7u, 20u, 22u}) targets.mark(i);
  sources.number();
  targets.number();
  request.source.selected = &sources;
  request.target.selected = &targets;
  make_edges(900, true);
  expect_right(read());
  file.first_table = "node_id_to_ranges";
  file.index_rows = n_target;
  expect_right(read());
}

TEST_F(ReadEdgesTest, OneWeightAndOneDelayOfAllAreKeptOnce) {
  make_edges(200, true);
  file.groups["0"].weight.assign(200, 2.5);
  file.groups["0"].delay.assign(200, 1.7);
  Edges edges = read();
  EXPECT_TRUE(edges.has_weights);
  EXPECT_EQ(edges.weight, 2.5);
  EXPECT_TRUE(edges.weights.empty());
  EXPECT_TRUE(edges.constant_delay);
  EXPECT_EQ(edges.delay, 17);
  // One edge of one rank that differs is enough.
  file.groups["0"].weight[7] = 2.0;
  file.groups["0"].delay[199] = 1.8;
  edges = read();
  EXPECT_EQ(edges.weight, std::nullopt);
  EXPECT_EQ(edges.weights.size(), edges.sources.size());
  EXPECT_FALSE(edges.constant_delay);
  EXPECT_EQ(edges.delays.size(), edges.sources.size());
}

TEST_F(ReadEdgesTest, NoEdgesOrNoNeurons) {
  file.groups["0"] = {};
  Edges edges = read();
  EXPECT_EQ(edges.sources.size(), 0u);
  EXPECT_FALSE(edges.constant_delay);  // no delay bounds the exchange interval
  request.target.ids = 0;
  edges = read();
  EXPECT_EQ(edges.targets(), 0u);
}

TEST_F(ReadEdgesTest, FewerNeuronsThanRanks) {
  request.target.ids = 2;
  file.sources = {0, 36, 5};
  file.targets = {1, 0, 1};
  weights = {1.0, 2.0, 3.0};
  delays = {10, 20, 30};
  file.groups["0"] = {weights, {1.0, 2.0, 3.0}, {}};
  expect_right(read());
}

TEST_F(ReadEdgesTest, WrongIdsAreTheSameErrorEverywhere) {
  make_edges(300, false);
  file.sources[299] = n_source;  // read by the last rank
  EXPECT_THAT(problem(), HasSubstr("projection a>b:ex#0: number 299 of '/edges/a_to_b/source_node_id' of '"));
  EXPECT_THAT(problem(), HasSubstr("' is 37, but there are 37 nodes, numbered from 0"));
}

TEST_F(ReadEdgesTest, AnIndexThatMissesEdges) {
  make_edges(900, true);
  file.first_table = "node_id_to_ranges";
  file.index_rows = n_target - 1;
  EXPECT_THAT(problem(), HasSubstr("leads to "));
  EXPECT_THAT(problem(), HasSubstr(" of 900 edges; write it again, or leave it out"));
}

TEST_F(ReadEdgesTest, NodesOfSonataPopulations) {
  // Nodes 0, 3, 6, .. of type 4 are the population.
  const std::string nodes = folder / "nodes.h5";
  if (world->is_root()) {
    std::vector<std::int64_t> types(100, 2);
    for (std::size_t i = 0; i < 100; i += 3) types[i] = 4;
    auto h5 = hdf5::File::create(nodes);
    testing::write_list(h5, "/nodes/n/node_type_id", types);
    h5.close();
  }
  world->barrier();
  Config config;
  config.populations.resize(2);
  config.populations[0].name = "some";
  config.populations[0].size = 34;
  config.populations[0].nodes = NodesConfig{nodes, "n", 100, {4}};
  config.populations[1].name = "other";
  config.populations[1].size = 7;
  projection.source = "some";
  projection.target = "other";
  projection.edges = request.edges;
  config.projections = {projection};
  const NodeSelections selections(config, *world);
  const EdgesRequest found = selections.request(projection);
  EXPECT_EQ(found.targets, (EdgeRange{0, 7}));
  EXPECT_EQ(selections.by_file(), (std::vector<std::vector<std::size_t>>{{0}}));
  EXPECT_EQ(found.source.ids, 100u);
  EXPECT_EQ(found.source.population, "n");
  ASSERT_NE(found.source.selected, nullptr);
  EXPECT_EQ(found.source.selected->size(), 34u);
  EXPECT_EQ(found.source.selected->index(99), 33u);
  EXPECT_EQ(found.target.ids, 7u);
  EXPECT_EQ(found.target.selected, nullptr);
  config.populations[0].size = 33;
  EXPECT_THROW(NodeSelections(config, *world), UsageError);
}

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) { return ranvier::testing::run_mpi_tests(argc, argv); }
