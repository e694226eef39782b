// Edges of SONATA files, as read on one process: where their numbers come from, and what is wrong with wrong files.
#include "io/sonata/edges/edges_reader.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>

#include "core/base/error.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sonata_edges.hpp"

namespace ranvier {
namespace {

struct EdgesReader : ::testing::Test {
  testing::ScratchFolder folder;
  testing::SonataEdges file;
  EdgesRequest request;

  void SetUp() override {
    file.sources = {3, 0, 2, 1, 2};
    file.targets = {1, 0, 0, 2, 1};
    file.groups["0"] = {{1.0, -2.0, 3.0, -4.0, 5.0}, {1.0, 1.5, 0.14, 0.06, 2.0}, {}};
    request.edges.file = folder / "e.h5";
    request.source.ids = 4;
    request.target.ids = 3;
  }
  void types(const std::string& text) {
    request.edges.types = folder / "types.csv";
    std::ofstream(request.edges.types) << text;
  }
  /// Sources, targets, weights and delays of the edges, one after the other.
  std::vector<std::vector<double>> read(EdgeRange targets = {0, 3}) {
    file.write(request.edges.file);
    request.targets = targets;
    const auto all = read_edges({request}, {{0, file.sources.size()}});
    const EdgeColumns& columns = all.at(0);
    const auto list = [&](const auto& column) {
      return column.size() == 0 ? std::vector<double>{}
                                : std::vector<double>(column.data(), column.data() + columns.count);
    };
    return {list(columns.sources), list(columns.targets), list(columns.weights), list(columns.delays)};
  }
  std::string problem() {
    try {
      read();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }
  std::string edge(int number) const {
    return "edge " + std::to_string(number) + " of '/edges/a_to_b' of '" + request.edges.file + "': ";
  }
  std::string dataset(const std::string& name) const {
    return "'/edges/a_to_b/" + name + "' of '" + request.edges.file + "'";
  }
};

using Lists = std::vector<std::vector<double>>;

TEST_F(EdgesReader, Everything) {
  // Delays in steps of 0.1 ms, to the nearest: 0.14 and 0.06 ms are one step.
  EXPECT_EQ(read(), (Lists{{3, 0, 2, 1, 2}, {1, 0, 0, 2, 1}, {1, -2, 3, -4, 5}, {10, 15, 1, 1, 20}}));
  EXPECT_EQ(read({1, 2}), (Lists{{3, 2}, {1, 1}, {1, 5}, {10, 20}}));
  request.targets = {0, 3};
  const EdgesSummary sum = summarise_edges({request}).at(0);
  EXPECT_EQ(sum.edges, 5u);
  EXPECT_EQ(sum.min_delay, 1u);
  EXPECT_EQ(sum.max_delay, 20u);
  EXPECT_FALSE(sum.one_weight);
}

TEST_F(EdgesReader, SignsAndMagnitudes) {
  request.edges.sign = EdgesConfig::Sign::negative;
  EXPECT_EQ(read(), (Lists{{0, 1}, {0, 2}, {-2, -4}, {15, 1}}));
  request.edges.magnitude = true;
  EXPECT_EQ(read()[2], (std::vector<double>{2, 4}));
  request.edges.sign = EdgesConfig::Sign::positive;
  file.groups["0"].weight[4] = 0.0;
  EXPECT_EQ(read()[2], (std::vector<double>{1, 3, 0}));
  // With weights of its own the projection still takes edges by the sign in the file.
  request.edges.weight_from_file = request.edges.delay_from_file = false;
  EXPECT_EQ(read(), (Lists{{3, 2, 2}, {1, 0, 1}, {}, {}}));
}

TEST_F(EdgesReader, SomeNodesOfSeveralPopulations) {
  IdSet sources(4), targets(3);
  for (const std::uint32_t id : {0u, 2u}) sources.mark(id);
  for (const std::uint32_t id : {0u, 1u}) targets.mark(id);
  sources.number();
  targets.number();
  request.source.selected = &sources;
  request.target.selected = &targets;
  // Sources 0 and 2 become 0 and 1.
  EXPECT_EQ(read({0, 2}), (Lists{{0, 1, 1}, {0, 0, 1}, {-2, 3, 5}, {15, 1, 20}}));
  EXPECT_EQ(read({1, 2}), (Lists{{1}, {1}, {5}, {20}}));
}

TEST_F(EdgesReader, SeveralProjectionsAtOnce) {
  file.write(request.edges.file);
  request.targets = {0, 3};
  EdgesRequest negative = request, own = request;
  request.edges.sign = EdgesConfig::Sign::positive;
  negative.edges.sign = EdgesConfig::Sign::negative;
  negative.edges.magnitude = true;
  own.edges.weight_from_file = own.edges.delay_from_file = false;
  own.targets = {1, 2};
  const auto columns = read_edges({request, negative, own}, {{0, 2}, {3, 5}});
  ASSERT_EQ(columns.size(), 3u);
  const auto list = [&](std::size_t k, const auto& column) {
    return std::vector<double>(column.data(), column.data() + columns[k].count);
  };
  EXPECT_EQ(list(0, columns[0].weights), (std::vector<double>{1, 5}));
  EXPECT_EQ(list(1, columns[1].weights), (std::vector<double>{2, 4}));
  EXPECT_EQ(list(1, columns[1].delays), (std::vector<double>{15, 1}));
  EXPECT_EQ(list(2, columns[2].sources), (std::vector<double>{3, 2}));
  EXPECT_EQ(columns[2].weights.size(), 0u);
  const auto sums = summarise_edges({request, negative, own});
  EXPECT_EQ(sums[0].edges, 3u);
  EXPECT_EQ(sums[1].edges, 2u);
  EXPECT_EQ(sums[2].edges, 2u);
  EXPECT_EQ(sums[1].max_delay, 15u);
  EXPECT_EQ(sums[2].max_delay, 0u);
}

TEST_F(EdgesReader, AttributesComeBeforeTypesAndTypesBeforeDefaults) {
  file.types = {10, 20, 30, 10, 20};
  file.groups["0"] = {{}, {}, {1, 2, 3, 4, 5}};
  types("edge_type_id syn_weight delay nsyns\n10 7 NULL 100\n20 NULL 3 100\n30 0.5 4.04 100\n");
  EXPECT_EQ(read()[2], (std::vector<double>{7 * 1, 1 * 2, 0.5 * 3, 7 * 4, 1 * 5}));
  EXPECT_EQ(read()[3], (std::vector<double>{10, 30, 40, 10, 30}));
  file.groups["0"].weight = {1, 1, 1, 1, 1};
  EXPECT_EQ(read()[2], (std::vector<double>{1, 2, 3, 4, 5}));
  file.groups.clear();
  EXPECT_EQ(read()[2], (std::vector<double>{700, 100, 50, 700, 100}));
  request.edges.types.clear();
  EXPECT_EQ(read()[2], (std::vector<double>{1, 1, 1, 1, 1}));
  EXPECT_EQ(read()[3], (std::vector<double>{10, 10, 10, 10, 10}));
  EXPECT_TRUE(summarise_edges({request}).at(0).one_weight);
}

TEST_F(EdgesReader, SeveralGroupsWithRowsInAnyOrder) {
  file.group_id = {3, 0, 3, 0, 3};
  file.group_index = {2, 1, 0, 0, 1};
  file.groups["0"] = {{10, 20}, {}, {}};
  file.groups["3"] = {{100, 200, 300}, {1, 2, 3}, {}};
  EXPECT_EQ(read()[2], (std::vector<double>{300, 20, 100, 10, 200}));
  EXPECT_EQ(read()[3], (std::vector<double>{30, 10, 10, 10, 20}));
  file.group_index[3] = 2;
  EXPECT_EQ(problem(), edge(3) + "edge_group_index is 2, but group 0 has 2 rows");
  file.group_index[3] = -1;
  EXPECT_EQ(problem(), edge(3) + "edge_group_index is -1, but group 0 has 2 rows");
  file.group_index[3] = 0;
  file.group_id[1] = 1;
  EXPECT_EQ(problem(), edge(1) + "belongs to group 1, which does not exist");
  file.group_id.clear();
  EXPECT_EQ(problem(),
            "'/edges/a_to_b' of '" + request.edges.file +
                "' has several groups of attributes, but no 'edge_group_id', which states the group of each edge");
}

TEST_F(EdgesReader, AtMostAThousandGroups) {
  for (int id = 0; id <= 1000; ++id) file.groups[std::to_string(id)] = {{1}, {}, {}};
  EXPECT_EQ(problem(), "'/edges/a_to_b' of '" + request.edges.file + "' has more than 1000 groups of attributes");
}

TEST_F(EdgesReader, ManyEdgesInPieces) {
  // More than are read at once; rows of the group are those of the edges backwards.
  const std::size_t count = 600000;
  file.sources.clear();
  file.targets.clear();
  auto& group = file.groups["0"] = {};
  for (std::size_t i = 0; i < count; ++i) {
    file.sources.push_back(i % 4);
    file.targets.push_back(i % 3);
    file.group_index.push_back(static_cast<std::int64_t>(count - 1 - i));
    group.weight.push_back(static_cast<double>(i));
  }
  const Lists lists = read({2, 3});
  ASSERT_EQ(lists[0].size(), count / 3);
  for (std::size_t k = 0; k < count / 3; ++k) {
    ASSERT_EQ(lists[0][k], static_cast<double>((3 * k + 2) % 4));
    ASSERT_EQ(lists[2][k], static_cast<double>(count - 1 - (3 * k + 2)));
  }
}

TEST_F(EdgesReader, WrongNumbers) {
  file.sources[3] = 4;
  EXPECT_EQ(problem(), "number 3 of " + dataset("source_node_id") + " is 4, but there are 4 nodes, numbered from 0");
  file.sources[3] = 0;
  file.targets[4] = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(problem(), "number 4 of " + dataset("target_node_id") + " is -1, but there are 3 nodes, numbered from 0");
  file.targets[4] = 0;
  auto& delay = file.groups["0"].delay;
  delay[2] = 0.04;
  EXPECT_EQ(problem(), edge(2) + "a delay of 0.04 ms is below dt = 0.1 ms");
  delay[2] = -1.0;
  EXPECT_EQ(problem(), edge(2) + "a delay of -1 ms is below dt = 0.1 ms");
  delay[2] = 6553.6;
  EXPECT_EQ(problem(), edge(2) + "a delay of 6553.6 ms is more than 65535 steps of 0.1 ms");
  delay[2] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(problem(), edge(2) + "delay is not finite (nan)");
  delay[2] = 1.0;
  file.groups["0"].weight[1] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(problem(), edge(1) + "syn_weight is not finite (inf)");
  file.groups["0"].weight[1] = 1e300;
  file.groups["0"].nsyns = {1, 1000000000, 1, 1, 1};
  EXPECT_EQ(problem(), edge(1) + "syn_weight times nsyns is not finite");
  file.groups["0"].nsyns[1] = -1;
  EXPECT_EQ(problem(), edge(1) + "nsyns is -1; it must be at least 0");
}

TEST_F(EdgesReader, WrongTypes) {
  types("edge_type_id syn_weight model_template\n10 7 static_synapse\n20 7 tsodyks_synapse\n");
  file.groups.clear();
  EXPECT_EQ(problem(), "'/edges/a_to_b' of '" + request.edges.file +
                           "' has no edge_type_id, but its edges depend on their types in '" + request.edges.types +
                           "'");
  file.types = {10, 10, 20, 10, 10};
  EXPECT_EQ(problem(), edge(2) + "its type 20 has the model_template 'tsodyks_synapse' ('" + request.edges.types +
                           "', line 3); only static_synapse can be simulated");
  file.types[2] = 30;
  EXPECT_EQ(problem(), edge(2) + "'" + request.edges.types + "' does not list its edge_type_id 30");
}

TEST_F(EdgesReader, WrongShapes) {
  file.sources.push_back(0);
  EXPECT_EQ(problem(), dataset("target_node_id") + " has 5 entries, but there are 6 edges");
  file.sources.pop_back();
  file.groups["0"].delay.pop_back();
  EXPECT_EQ(problem(), dataset("0/delay") + " has 4 entries, but other attributes of its group have 5");
  file.groups["0"].weight.pop_back();
  EXPECT_EQ(problem(), dataset("0") + " has 4 entries, but there are 5 edges, and no edge_group_index");
  file.types = {1, 2};
  EXPECT_EQ(problem(), dataset("edge_type_id") + " has 2 entries, but there are 5 edges");
}

TEST_F(EdgesReader, Populations) {
  request.edges.population = "a_to_c";
  EXPECT_EQ(problem(), "'" + request.edges.file + "' has no population of edges 'a_to_c'. Did you mean 'a_to_b'?");
  request.edges.population = "others";
  EXPECT_EQ(problem(), "'" + request.edges.file + "' has no population of edges 'others'. It has: a_to_b");
  request.edges.population = "a_to_b";
  file.source_nodes = "a";
  file.target_nodes = "b";
  EXPECT_EQ(problem(), "");
  request.source.population = "a";
  request.target.population = "c";
  EXPECT_EQ(problem(), dataset("target_node_id") + " holds ids of the node population 'b', not of 'c'");
  file.target_nodes = "";
  EXPECT_EQ(problem(), "");
}

TEST_F(EdgesReader, NoEdgesAndNoFile) {
  file = {};
  EXPECT_EQ(read(), (Lists{{}, {}, {}, {}}));
  EXPECT_EQ(summarise_edges({request}).at(0).edges, 0u);
  std::filesystem::remove(request.edges.file);
  EXPECT_THROW(summarise_edges({request}), RuntimeError);
  std::ofstream(request.edges.file) << "not HDF5";
  EXPECT_THROW(plan_edges({request}), RuntimeError);
}

/// Four thousand edges onto each of three targets, in two runs each: 0 0 .. 1 1 .. 2 2 .. 0 0 .. 1 1 .. 2 2 ..
struct EdgesIndex : EdgesReader {
  void SetUp() override {
    EdgesReader::SetUp();
    file = {};
    for (std::uint64_t e = 0; e < 6 * 2000; ++e) {
      file.sources.push_back(0);
      file.targets.push_back(e / 2000 % 3);
    }
    file.first_table = "node_id_to_ranges";
    file.index_rows = 3;
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges(EdgeRange targets) {
    file.write(request.edges.file);
    request.targets = targets;
    const EdgesPlan plan = plan_edges({request});
    EXPECT_EQ(plan.edges, 12000u);
    EXPECT_TRUE(plan.indexed);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> list;
    for (const EdgeRange r : plan.ranges) list.emplace_back(r.first, r.last);
    return list;
  }
};

using Pairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

TEST_F(EdgesIndex, LeadsToTheRangesOfTargets) {
  for (const char* name : {"node_id_to_ranges", "node_id_to_range"}) {
    file.first_table = name;
    EXPECT_EQ(ranges({1, 2}), (Pairs{{2000, 4000}, {8000, 10000}}));
    EXPECT_EQ(ranges({1, 3}), (Pairs{{2000, 6000}, {8000, 12000}}));
    EXPECT_EQ(ranges({0, 3}), (Pairs{{0, 12000}}));
    EXPECT_EQ(ranges({3, 3}), Pairs{});
  }
  file.first_table = "";
  file.write(request.edges.file);
  EXPECT_FALSE(plan_edges({request}).indexed);
}

TEST_F(EdgesIndex, OfSomeNodes) {
  IdSet some(3);
  for (const std::uint32_t id : {0u, 2u}) some.mark(id);
  some.number();
  request.target.selected = &some;
  EXPECT_EQ(ranges({0, 2}), (Pairs{{0, 2000}, {4000, 8000}, {10000, 12000}}));
  EXPECT_EQ(ranges({1, 2}), (Pairs{{4000, 6000}, {10000, 12000}}));
}

TEST_F(EdgesIndex, OfFewerNodesThanThereAre) {
  file.index_rows = 2;
  EXPECT_EQ(ranges({1, 3}), (Pairs{{2000, 4000}, {8000, 10000}}));
}

TEST_F(EdgesIndex, ThatIsDamaged) {
  const auto damaged = [&](const std::string& table, std::vector<std::int64_t> rows) {
    file.write(request.edges.file);
    {
      const hdf5::FileHandle raw(H5Fopen(request.edges.file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT));
      const std::string path = "/edges/a_to_b/indices/target_to_source/" + table;
      const hdf5::DatasetHandle data(H5Dopen2(raw.get(), path.c_str(), H5P_DEFAULT));
      EXPECT_GE(H5Dwrite(data.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data()), 0);
    }
    try {
      request.targets = {0, 3};
      plan_edges({request});
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const auto table = [&](const std::string& name) { return dataset("indices/target_to_source/" + name); };
  EXPECT_EQ(damaged("node_id_to_ranges", {0, 2, 2, 7, 4, 6}),
            "row 1 of " + table("node_id_to_ranges") + " is 2 to 7, which is not a range of numbers below 6");
  EXPECT_EQ(damaged("node_id_to_ranges", {0, 2, 4, 2, 4, 6}),
            "row 1 of " + table("node_id_to_ranges") + " is 4 to 2, which is not a range of numbers below 6");
  EXPECT_EQ(damaged("node_id_to_ranges", {0, 6, 0, 6, 4, 6}),
            table("node_id_to_ranges") + " leads to some ranges of edges more than once");
  EXPECT_EQ(damaged("range_to_edge_id", {0, 2000, 6000, 8000, -1, 4000, 8000, 10000, 4000, 6000, 10000, 12000}),
            "row 2 of " + table("range_to_edge_id") + " is -1 to 4000, which is not a range of numbers below 12000");
  EXPECT_EQ(
      damaged("range_to_edge_id", {0, 2000, 6000, 8000, 2000, 4000, 8000, 10000, 4000, 6000, 10000, 12001}),
      "row 5 of " + table("range_to_edge_id") + " is 10000 to 12001, which is not a range of numbers below 12000");
}

}  // namespace
}  // namespace ranvier
