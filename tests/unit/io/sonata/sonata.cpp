// Parts of the recordings that need no file of ours: sorting, times, layouts of others, provenance, small text files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/results/provenance.hpp"
#include "io/results/summary.hpp"
#include "io/sonata/base/grid_time.hpp"
#include "io/sonata/base/radix_sort.hpp"
#include "io/sonata/recordings/reader.hpp"
#include "io/text/text_file.hpp"
#include "tests/support/recording_network.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier {
namespace {

using ::testing::HasSubstr;

TEST(RadixSort, sorts_as_the_library_does) {
  std::mt19937_64 random(1);
  for (const std::size_t size : {0u, 1u, 2u, 100u, 10000u})
    for (const int shift : {0, 30, 50, 63}) {
      std::vector<std::uint64_t> keys(size);
      for (auto& key : keys) key = random() >> shift;
      auto expected = keys;
      std::sort(expected.begin(), expected.end());
      radix_sort(keys);
      EXPECT_EQ(keys, expected) << size << " keys of " << 64 - shift << " bits";
    }
}

TEST(GridTime, prints_as_a_person_writes_it) {
  EXPECT_EQ(GridTime(0.1)(3), 0.3);  // 3 * 0.1 is 0.30000000000000004
  EXPECT_EQ(GridTime(0.025)(7), 0.175);
  EXPECT_EQ(GridTime(0.3)(3), 0.9);  // 3 * 0.3 is 0.8999999999999999
  EXPECT_EQ(GridTime(1.0)(12345), 12345.0);
  EXPECT_EQ(GridTime(2.5)(3), 7.5);
  EXPECT_EQ(GridTime(1.0 / 3.0)(3), 1.0);  // no decimal fraction: a plain product
  EXPECT_EQ(GridTime(0.1)(36000000), 3600000.0);
}

/// A file as other tools write it: `group` with plain datasets.
void write_foreign(const std::string& path, const std::string& group, const char* ids_name,
                   const std::vector<double>& times, const char* unit) {
  auto file = hdf5::File::create(path);
  hdf5::Dataset::create<double>(file, group + "/timestamps", {times.size()})
      .write<double>({0}, {times.size()}, times.data());
  std::vector<std::uint32_t> ids(times.size());
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::uint32_t>(7 * i);
  hdf5::Dataset::create<std::uint32_t>(file, group + "/" + ids_name, {ids.size()})
      .write<std::uint32_t>({0}, {ids.size()}, ids.data());
  if (unit) hdf5::write_attribute(file, group + "/timestamps", "units", std::string(unit));
  file.close();
}

TEST(SpikeReader, reads_the_layouts_of_others) {
  const testing::ScratchFolder folder;
  const auto path = folder / "spikes.h5";
  write_foreign(path, "/spikes", "gids", {3.0, 1.5}, nullptr);
  const auto old = read_spikes(path, "");
  EXPECT_EQ(old.times, (std::vector<double>{3.0, 1.5}));
  EXPECT_EQ(old.ids, (std::vector<std::uint64_t>{0, 7}));

  write_foreign(path, "/spikes/lgn", "node_ids", {0.25}, "ms");
  EXPECT_EQ(read_spikes(path, "lgn").times, std::vector<double>{0.25});
  EXPECT_EQ(read_spikes(path, "").times, std::vector<double>{0.25});
}

TEST(SpikeReader, refuses_what_it_cannot_mean) {
  const testing::ScratchFolder folder;
  const auto path = folder / "spikes.h5";
  const auto message = [&](const std::string& population) -> std::string {
    try {
      read_spikes(path, population);
    } catch (const RuntimeError& e) {
      return e.what();
    }
    return "(no error)";
  };
  write_foreign(path, "/spikes/lgn", "node_ids", {0.25}, "s");
  EXPECT_THAT(message("lgn"), HasSubstr("are in 's'; ms are expected"));
  EXPECT_THAT(message("v1"), HasSubstr("has no spikes of 'v1'; it has: lgn"));
  write_foreign(path, "/spikes/lgn", "node_ids", {0.25, -1.0}, "ms");
  EXPECT_THAT(message("lgn"), HasSubstr("spike 1 of 'lgn'"));
  {
    auto file = hdf5::File::create(path);
    for (const char* name : {"/spikes/lgn/timestamps", "/spikes/lgn/node_ids"})
      hdf5::Dataset::create<double>(file, name, {2, 2});
  }
  EXPECT_EQ(message("lgn"), "'/spikes/lgn/timestamps' of '" + path + "' has 2 dimensions; one is expected");
  write_foreign(path, "/report/lgn", "node_ids", {0.25}, "ms");
  EXPECT_THAT(message("lgn"), HasSubstr("has no group '/spikes'"));
}

TEST(Provenance, comes_back_from_files_and_json) {
  const testing::ScratchFolder folder;
  const auto written = testing::test_provenance(3);
  auto file = hdf5::File::create(folder / "p.h5");
  EXPECT_FALSE(read_provenance(file).has_value());
  write_provenance(file, written);
  const nlohmann::ordered_json expected = written;
  const nlohmann::ordered_json from_file = read_provenance(file).value();
  EXPECT_EQ(from_file, expected);
  EXPECT_EQ(expected["seed"], 42);
  EXPECT_EQ(expected["config"], written.config);
  EXPECT_EQ(expected.get<Provenance>().ranks, 3);
}

TEST(Provenance, a_config_beyond_the_size_of_attributes_comes_back) {
  const testing::ScratchFolder folder;
  auto written = testing::test_provenance(1);
  written.config = std::string(300000, 'x');
  auto file = hdf5::File::create(folder / "p.h5");
  write_provenance(file, written);
  EXPECT_EQ(read_provenance(file).value().config, written.config);
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TextFile, replaces_in_one_step_and_leaves_nothing_behind) {
  const testing::ScratchFolder folder;
  write_text_file(folder / "a", "old");
  write_text_file(folder / "a", "new");
  EXPECT_EQ(text_of(folder / "a"), "new");
  EXPECT_FALSE(std::filesystem::exists(folder / "a.part"));
  try {
    write_text_file(folder / "no/a", "x");
    ADD_FAILURE();
  } catch (const RuntimeError& e) {
    EXPECT_EQ(e.what(), "cannot write '" + (folder / "no/a") + "' (No such file or directory)");
  }
}

TEST(Summary, holds_the_run_and_its_provenance) {
  const testing::ScratchFolder folder;
  write_summary(folder.path(), {{"name", "a\xff"}, {"spikes", 12}}, testing::test_provenance(2));
  const auto json = nlohmann::json::parse(text_of(folder / "summary.json"));
  EXPECT_EQ(json["spikes"], 12);
  EXPECT_EQ(json["provenance"]["ranks"], 2);
  EXPECT_EQ(json["name"], "a\uFFFD");  // what is not UTF-8 is replaced
}

}  // namespace
}  // namespace ranvier
