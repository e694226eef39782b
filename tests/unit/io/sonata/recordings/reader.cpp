#include "io/sonata/recordings/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/hdf5/dataset.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier {
namespace {

using ::testing::HasSubstr;

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

}  // namespace
}  // namespace ranvier
