#include "io/results/provenance.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "io/hdf5/file.hpp"
#include "tests/support/recording_network.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier {
namespace {

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

}  // namespace
}  // namespace ranvier
