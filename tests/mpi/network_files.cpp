// Nodes and edges written by several ranks hold exactly what the network is, each edge stands in both indices once, and
// what cannot be written is the same error on every rank and leaves no file.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <numeric>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/sonata/edges/edges_writer.hpp"
#include "io/sonata/nodes/nodes_writer.hpp"
#include "tests/mpi/main.hpp"
#include "tests/mpi/shared_folder.hpp"
#include "tests/support/made_up_edges.hpp"
#include "tests/support/recording_network.hpp"

namespace ranvier {
namespace {

using ::testing::HasSubstr;
using testing::MadeUpEdges;
using testing::test_provenance;
using testing::world;

struct NetworkFiles : testing::SharedFolderTest {
  /// Shares of the targets go round the ranks from the last one on, and are of different sizes.
  int place() const { return (rank + 1) % ranks; }
  std::uint64_t cut(std::uint64_t targets, int part) const {
    return targets * static_cast<std::uint64_t>(part * part) / static_cast<std::uint64_t>(ranks * ranks);
  }

  EdgePopulation population(const MadeUpEdges& edges) const {
    return {"a_to_b", "a",  "b",  edges.sources, edges.targets,
            7,        true, true, "nS",          static_cast<double>(edges.first_edges().back())};
  }

  void write(EdgesWriter& writer, std::size_t number, const MadeUpEdges& edges) const {
    const auto all = edges.first_edges();
    const std::uint64_t first = cut(edges.targets, place()), last = cut(edges.targets, place() + 1);
    TargetEdges mine;
    std::vector<std::uint64_t> begin;
    std::vector<std::uint32_t> sources;
    for (std::uint64_t t = first; t <= last; ++t) begin.push_back(all[t] - all[first]);
    for (std::uint64_t e = all[first]; e < all[last]; ++e) sources.push_back(edges.source(e));
    std::vector<double> values;
    const auto values_by = [&](auto value) {
      return [&, value](std::size_t t) {
        values.clear();
        for (std::uint64_t e = all[first + t]; e < all[first + t + 1]; ++e) values.push_back(value(e));
        return std::span<const double>(values);
      };
    };
    mine.place = place();
    mine.first_target = first;
    mine.begin = begin;
    mine.sources = sources;
    mine.weights = values_by(MadeUpEdges::weight);
    mine.delays = values_by(MadeUpEdges::delay);
    writer.write(number, mine);
  }
};

/// The edges of every node by an index, which must be those of `nodes_of_edges` that belong to it.
void expect_index(const hdf5::File& file, const std::string& index, std::uint64_t nodes,
                  const std::vector<std::uint64_t>& nodes_of_edges) {
  const auto rows = hdf5::Dataset::open(file, index + "/node_id_to_ranges").read<std::uint64_t>();
  const auto ranges = hdf5::Dataset::open(file, index + "/range_to_edge_id").read<std::uint64_t>();
  EXPECT_EQ(hdf5::Dataset::open(file, index + "/node_id_to_range").read<std::uint64_t>(), rows);
  ASSERT_EQ(rows.size(), 2 * nodes);
  std::vector<std::vector<std::uint64_t>> expected(nodes), found(nodes);
  for (std::uint64_t e = 0; e < nodes_of_edges.size(); ++e) expected[nodes_of_edges[e]].push_back(e);
  std::uint64_t joined = 0;
  for (std::uint64_t n = 0; n < nodes; ++n) {
    ASSERT_LE(rows[2 * n], rows[2 * n + 1]);
    ASSERT_LE(2 * rows[2 * n + 1], ranges.size());
    for (std::uint64_t r = rows[2 * n]; r < rows[2 * n + 1]; ++r) {
      // Two ranges of a node that touch would be one: files of different numbers of ranks would differ.
      joined += r > rows[2 * n] && ranges[2 * r] == ranges[2 * r - 1];
      for (std::uint64_t e = ranges[2 * r]; e < ranges[2 * r + 1]; ++e) found[n].push_back(e);
    }
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(joined, 0u);
}

void expect_edges(const std::string& path, const std::string& name, const MadeUpEdges& edges) {
  const auto file = hdf5::File::open(path);
  const std::string group = "/edges/" + name;
  const auto first = edges.first_edges();
  std::vector<std::uint64_t> sources, targets, positions(first.back());
  std::vector<double> weights, delays;
  for (std::uint64_t t = 0; t < edges.targets; ++t)
    for (std::uint64_t e = first[t]; e < first[t + 1]; ++e) {
      targets.push_back(t);
      sources.push_back(edges.source(e));
      weights.push_back(MadeUpEdges::weight(e));
      delays.push_back(MadeUpEdges::delay(e));
    }
  std::iota(positions.begin(), positions.end(), 0u);
  const auto ids = [&](const char* list) { return hdf5::Dataset::open(file, group + list).read<std::uint64_t>(); };
  EXPECT_EQ(ids("/source_node_id"), sources);
  EXPECT_EQ(ids("/target_node_id"), targets);
  EXPECT_EQ(ids("/edge_group_index"), positions);
  EXPECT_EQ(ids("/edge_group_id"), std::vector<std::uint64_t>(positions.size(), 0));
  EXPECT_EQ(ids("/edge_type_id"), std::vector<std::uint64_t>(positions.size(), 7));
  EXPECT_EQ(hdf5::Dataset::open(file, group + "/0/syn_weight").read<double>(), weights);
  EXPECT_EQ(hdf5::Dataset::open(file, group + "/0/delay").read<double>(), delays);
  EXPECT_EQ(hdf5::read_text_attribute(file, group + "/0/syn_weight", "units"), "nS");
  EXPECT_EQ(hdf5::read_text_attribute(file, group + "/source_node_id", "node_population"), "a");
  EXPECT_EQ(hdf5::read_text_attribute(file, group + "/target_node_id", "node_population"), "b");
  expect_index(file, group + "/indices/source_to_target", edges.sources, sources);
  expect_index(file, group + "/indices/target_to_source", edges.targets, targets);
}

TEST_F(NetworkFiles, edges_of_all_ranks_in_order) {
  const auto path = folder / "edges.h5";
  const MadeUpEdges some, none{.sources = 40, .targets = 30, .most = 0}, nobody{.sources = 0, .targets = 0, .most = 0};
  auto few = population({.sources = 3, .targets = 2, .most = 1});
  EdgesWriter writer(path, *world,
                     {population(some),
                      {"none", "a", "b", 40, 30, 7, true, true, "nS", 0.0},
                      {"nobody", "a", "b", 0, 0, 7, true, true, "nS", 0.0},
                      {"few", "a", "b", 3, 2, 7, true, true, "nS", 0.0}},
                     test_provenance(ranks));
  write(writer, 0, some);
  write(writer, 1, none);
  write(writer, 2, nobody);
  write(writer, 3, {.sources = 3, .targets = 2, .most = 1});
  EXPECT_EQ(writer.written(), some.first_edges().back() + 1);
  writer.close();
  if (rank == 0) {
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  writer.publish();
  if (rank != 0) return;
  expect_edges(path, "a_to_b", some);
  expect_edges(path, "none", none);
  expect_edges(path, "nobody", nobody);
  expect_edges(path, "few", {.sources = 3, .targets = 2, .most = 1});
}

TEST_F(NetworkFiles, more_edges_than_a_rank_sorts_at_a_time) {
  const auto path = folder / "edges.h5";
  // More than 2 x 2^20: three rounds on one rank.
  const MadeUpEdges many{.sources = 1000, .targets = 400, .most = 13000};
  ASSERT_GT(many.first_edges().back(), 2u << 20);
  EdgesWriter writer(path, *world, {population(many)}, test_provenance(ranks));
  write(writer, 0, many);
  writer.close();
  writer.publish();
  if (rank == 0) expect_edges(path, "a_to_b", many);
}

TEST_F(NetworkFiles, nodes_of_all_ranks) {
  const auto path = folder / "nodes.h5";
  NodesWriter writer(path, *world,
                     {{"a", 1000, 3, {{"V_m", "mV"}, {"ampa.tau", "ms"}}}, {"nobody", 0, 4, {{"V_m", "mV"}}}},
                     test_provenance(ranks));
  const std::uint64_t first = cut(1000, place()), last = cut(1000, place() + 1);
  std::vector<std::vector<double>> values(2);
  for (std::uint64_t n = first; n < last; ++n) {
    values[0].push_back(-60.0 - static_cast<double>(n) / 3.0);
    values[1].push_back(static_cast<double>(n * n));
  }
  writer.write(0, first, last - first, values);
  writer.write(1, 0, 0, {});
  writer.close();
  writer.publish();
  if (rank != 0) return;
  const auto file = hdf5::File::open(path);
  const auto ids = hdf5::Dataset::open(file, "/nodes/a/node_id").read<std::uint64_t>();
  ASSERT_EQ(ids.size(), 1000u);
  const auto V_m = hdf5::Dataset::open(file, "/nodes/a/0/dynamics_params/V_m").read<double>();
  const auto tau = hdf5::Dataset::open(file, "/nodes/a/0/dynamics_params/ampa.tau").read<double>();
  for (std::uint64_t n = 0; n < 1000; ++n) {
    EXPECT_EQ(ids[n], n);
    EXPECT_EQ(V_m[n], -60.0 - static_cast<double>(n) / 3.0);
    EXPECT_EQ(tau[n], static_cast<double>(n * n));
  }
  EXPECT_EQ(hdf5::Dataset::open(file, "/nodes/a/node_type_id").read<std::int64_t>(),
            std::vector<std::int64_t>(1000, 3));
  EXPECT_EQ(hdf5::read_text_attribute(file, "/nodes/a/0/dynamics_params/V_m", "units"), "mV");
  EXPECT_EQ(hdf5::Dataset::open(file, "/nodes/nobody/node_id").size(), 0u);
}

TEST_F(NetworkFiles, full_disk_is_one_message_on_all_ranks_and_leaves_the_old_file) {
  const auto path = folder / "edges.h5";
  const MadeUpEdges some, many{.sources = 1000, .targets = 400, .most = 2000};
  {
    EdgesWriter writer(path, *world, {population(some)}, test_provenance(ranks));
    write(writer, 0, some);
    writer.close();
    writer.publish();
  }
  // A limit on file size fails as a full disk does, and needs no disk to fill.
  world->barrier();
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{}, low{};
  getrlimit(RLIMIT_FSIZE, &before);
  low = before;
  low.rlim_cur = 8'000'000;
  setrlimit(RLIMIT_FSIZE, &low);
  std::string message;
  try {
    EdgesWriter writer(path, *world, {population(many)}, test_provenance(ranks));
    write(writer, 0, many);
  } catch (const RuntimeError& e) {
    message = e.what();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_THAT(message, HasSubstr(path.string()));
  EXPECT_THAT(message, HasSubstr("File too large"));
  world->barrier();
  if (rank != 0) return;
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".part"));
  expect_edges(path, "a_to_b", some);
}

TEST_F(NetworkFiles, what_cannot_be_made_is_one_message_on_all_ranks) {
  const auto error_of = [&](auto action) {
    std::string message;
    try {
      action();
    } catch (const RuntimeError& e) {
      message = e.what();
    }
    return message;
  };
  const auto edges = [&](const std::filesystem::path& path, const std::string& name) {
    EdgesWriter(path, *world, {{name, "a", "b", 3, 2, 7, true, true, "nS", 0.0}}, test_provenance(ranks));
  };
  EXPECT_THAT(error_of([&] { edges(folder / "no" / "edges.h5", "a_to_b"); }), HasSubstr("No such file or directory"));
  EXPECT_THAT(error_of([&] { edges(folder / "edges.h5", "a/b"); }), HasSubstr("'a/b' cannot name a population"));
  world->barrier();
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) { return ranvier::testing::run_mpi_tests(argc, argv); }
