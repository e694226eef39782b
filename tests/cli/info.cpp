// What `ranvier info` says of good, foreign, damaged and hostile files; it never crashes and never hangs.
#include "io/sonata/inspect/info.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "core/base/error.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/sonata/inspect/diff.hpp"
#include "tests/support/network_files.hpp"
#include "tests/support/recorded_files.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string info_or_error(const std::string& path) {
  try {
    return info(path);
  } catch (const RuntimeError& e) {
    return std::string("error: ") + e.what();
  }
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

TEST(Info, spikes) {
  const testing::ScratchFolder folder;
  testing::write_spikes(folder / "spikes.h5");
  const auto text = info(folder / "spikes.h5");
  EXPECT_THAT(text, HasSubstr("spikes.h5: spikes (SONATA), "));
  // Neuron n of inh fires every 3 + n % 5 steps, n = 99 and 199 twice at once: 52 x 33 + 52 x 25 + 51 x 20 + 51 x 16 +
  // 51 x 14 + 2 x 14 in 100 steps.
  EXPECT_THAT(text, HasSubstr("  inh                       257           5594     217.665 Hz  0.3 to 10 ms\n"));
  EXPECT_THAT(text, HasSubstr("  empty                       0              0              -  -\n"));
  EXPECT_THAT(text, HasSubstr("recorded from 0 to 100 ms, sorting: by_time, with time steps\n"));
  EXPECT_THAT(text, HasSubstr("provenance: ranvier 0.1.0 (abc1234), seed 42, 1 rank, cpu, double precision, "
                              "2026-01-02T03:04:05Z\n  built with g++ 12, Release, Kokkos 3.4 Serial\n"));
}

TEST(Info, report) {
  const testing::ScratchFolder folder;
  testing::write_report(folder / "V_m.h5");
  const auto text = info(folder / "V_m.h5");
  EXPECT_THAT(text, HasSubstr("V_m.h5: report (SONATA), "));
  EXPECT_THAT(text, HasSubstr("  exc: V_m of 3 neurons, 20 frames every 0.5 ms from 0 to 10 ms, float32\n"
                              "    neurons 0 to 7, values from -62.3333 to -57.2857 mV\n"));
}

TEST(Info, a_report_without_columns_may_claim_any_number_of_frames) {
  const testing::ScratchFolder folder;
  auto file = hdf5::File::create(folder / "V_m.h5");
  const std::uint64_t frames = std::uint64_t{1} << 60;
  hdf5::Dataset::create_growing<float>(file, "/report/a/data", {0, 0}, {1, 1}).extend({frames, 0});
  hdf5::Dataset::create<std::uint64_t>(file, "/report/a/mapping/node_ids", {0});
  const double time[] = {0.0, 1.0, 0.5};
  hdf5::Dataset::create<double>(file, "/report/a/mapping/time", {3}).write<double>({0}, {3}, time);
  file.close();
  EXPECT_THAT(info(folder / "V_m.h5"), HasSubstr("a: one variable of 0 neurons, 1152921504606846976 frames every 0.5"));
  EXPECT_EQ(diff(folder / "V_m.h5", folder / "V_m.h5").exit_code, 0);
}

TEST(Info, nodes) {
  const testing::ScratchFolder folder;
  testing::write_nodes(folder / "nodes.h5");
  const auto text = info(folder / "nodes.h5");
  EXPECT_THAT(text, HasSubstr("nodes.h5: nodes (SONATA), "));
  EXPECT_THAT(text, HasSubstr("  a: 500 nodes, node type 3\n"
                              "    0/dynamics_params/V_m: from -226.333 to -60 mV\n"
                              "  b: 300 nodes, node type 4\n"
                              "provenance: ranvier 0.1.0 (abc1234), seed 42"));
}

TEST(Info, edges) {
  const testing::ScratchFolder folder;
  testing::write_edges(folder / "edges.h5");
  const auto text = info(folder / "edges.h5");
  EXPECT_THAT(text, HasSubstr("edges.h5: edges (SONATA), "));
  // t^2 mod 24 is 0, 1, 4, 9, 16, 1, 12, 1, 16, 9, 4, 1 for t mod 12: 74 in a row of twelve, 25 rows.
  EXPECT_THAT(text,
              HasSubstr("  a_to_b: 1850 edges from a to b, edge type 7\n"
                        "    sources up to 498, targets up to 299, sorted by target, indexed by source and target\n"
                        "    0/delay: from 0.1 to 1.5 ms\n"
                        "    0/syn_weight: from -3 to 96.9 nS\n"));
}

TEST(Info, networks_of_others) {
  const testing::ScratchFolder folder;
  const auto path = folder / "edges.h5";
  {
    auto file = hdf5::File::create(path);
    const auto list = [&](const std::string& name, const std::vector<std::int64_t>& values) {
      auto dataset = hdf5::Dataset::create<std::int64_t>(file, "/edges/e/" + name, {values.size()});
      dataset.write({0}, {values.size()}, values.data());
    };
    list("source_node_id", {2, 5, 5});
    list("target_node_id", {4, 0, 1});
    list("edge_type_id", {9, 8, 9});
    list("1/nsyns", {2, 2, 2});
    list("indices/source_to_target/node_id_to_range", {0});
    list("indices/source_to_target/range_to_edge_id", {0});
    hdf5::write_text(file, "/edges/e/1/name", "text");
    file.make_group("/edges/nothing");
    file.make_group("/nodes/nothing");
    file.close();
  }
  const auto text = info(path);
  EXPECT_THAT(text, HasSubstr("  e: 3 edges from ? to ?, edge types 8, 9\n"
                              "    sources up to 5, targets up to 4, sorted by source, indexed by source\n"
                              "    1/name: 1 texts\n"
                              "    1/nsyns: 2\n"
                              "  nothing: 0 edges from ? to ?, no edge types\n"));
  EXPECT_THAT(text, HasSubstr("  nothing: 0 nodes, no node types\n"));
}

TEST(Info, files_that_are_none) {
  const testing::ScratchFolder folder;
  EXPECT_EQ(info_or_error(folder / "x.h5"),
            "error: cannot read '" + (folder / "x.h5") + "' (No such file or directory)");
  EXPECT_EQ(info_or_error(folder.path()), "error: cannot read '" + folder.path() + "' (it is a folder)");
  write_bytes(folder / "text", "populations:\n");
  EXPECT_EQ(info_or_error(folder / "text"),
            "error: cannot read '" + (folder / "text") + "' (file signature not found); it is not an HDF5 file");
  write_bytes(folder / "empty", "");
  EXPECT_THAT(info_or_error(folder / "empty"), HasSubstr("it is not an HDF5 file"));
}

TEST(Info, truncated_files) {
  const testing::ScratchFolder folder;
  testing::write_spikes(folder / "spikes.h5");
  const auto whole = bytes_of(folder / "spikes.h5");
  for (int eighth = 1; eighth < 8; ++eighth) {
    write_bytes(folder / "cut.h5", whole.substr(0, whole.size() * static_cast<std::size_t>(eighth) / 8));
    EXPECT_THAT(info_or_error(folder / "cut.h5"), HasSubstr("it was cut short")) << eighth;
  }
}

TEST(Info, flipped_bits_are_errors_or_harmless_but_never_fatal) {
  const testing::ScratchFolder folder;
  testing::write_spikes(folder / "spikes.h5");
  testing::write_report(folder / "V_m.h5", 0.0, true);
  std::mt19937_64 random(2);
  int found = 0, flips = 0;
  for (const std::string name : {"spikes.h5", "V_m.h5"}) {
    const auto whole = bytes_of(folder / name);
    for (int i = 0; i < 150; ++i, ++flips) {
      auto bytes = whole;
      // Half of them in the first 8 KiB, where the structure is.
      const std::size_t place = random() % (i % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 8192));
      bytes[place] = static_cast<char>(bytes[place] ^ (1 << random() % 8));
      write_bytes(folder / "flipped.h5", bytes);
      const auto text = info_or_error(folder / "flipped.h5");
      found += text.rfind("error: ", 0) == 0;
      // What it still reads it reads right: a name may have changed, but no value.
      const auto result = diff(folder / name, folder / "flipped.h5");
      EXPECT_GE(result.exit_code, 0);
      EXPECT_LE(result.exit_code, 2);
      EXPECT_THAT(result.text, Not(AnyOf(HasSubstr("is of neuron"), HasSubstr("different: frame"))))
          << "byte " << place;
    }
  }
  // Most of a file is checksummed data: a reader that looked at nothing would find none.
  EXPECT_GT(found, flips / 4);
}

TEST(Info, flipped_bits_of_networks_are_found) {
  const testing::ScratchFolder folder;
  testing::write_nodes(folder / "nodes.h5");
  testing::write_edges(folder / "edges.h5");
  std::mt19937_64 random(3);
  int found = 0;
  for (const std::string name : {"nodes.h5", "edges.h5"}) {
    const auto whole = bytes_of(folder / name);
    for (int i = 0; i < 60; ++i) {
      auto bytes = whole;
      const std::size_t place = random() % (i % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 8192));
      bytes[place] = static_cast<char>(bytes[place] ^ (1 << random() % 8));
      write_bytes(folder / "flipped.h5", bytes);
      found += info_or_error(folder / "flipped.h5").starts_with("error: ");
    }
  }
  EXPECT_GT(found, 120 / 5);
}

}  // namespace
}  // namespace ranvier
