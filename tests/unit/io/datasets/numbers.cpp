// Numbers that a config takes from files: all that is wrong with them is said at once, before anything is allocated.
#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "core/base/error.hpp"
#include "io/datasets/numbers.hpp"
#include "io/hdf5/dataset.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier {
namespace {

struct ConfigDatasets : ::testing::Test {
  testing::ScratchFolder folder;
  Config config;

  void SetUp() override {
    auto file = hdf5::File::create(folder / "v.h5");
    const auto write = [&](const char* path, const std::vector<double>& values) {
      hdf5::Dataset::create<double>(file, path, {values.size()}).write<double>({0}, {values.size()}, values.data());
    };
    write("/three", {1.0, 2.0, 3.0});
    write("/nan", {1.0, std::numeric_limits<double>::quiet_NaN(), 3.0});
    write("/spikes/s/timestamps", {5.0, 1.0, 2.0});
    write("/spikes/s/node_ids", {0.0, 2.0, 0.0});
    file.close();
    config.directory = folder.path();
    config.populations.emplace_back();
    config.populations[0].name = "exc";
    config.populations[0].size = 3;
  }
  std::string problems() const {
    try {
      check_datasets(config);
    } catch (const UsageError& e) {
      return e.what();
    }
    return "";
  }
};

TEST_F(ConfigDatasets, good_ones_pass_and_are_read_in_parts_and_scaled) {
  config.populations[0].init = {{"V_m", Dataset{"v.h5", "/three", 10.0}}};
  config.populations[0].spike_file = Dataset{"v.h5", "/spikes/s", 1.0};
  EXPECT_EQ(problems(), "");
  EXPECT_EQ(read_numbers({"v.h5", "/three", 10.0}, folder.path(), 1, 2, 3), (std::vector<double>{20.0, 30.0}));
  EXPECT_EQ(read_spike_times({"v.h5", "/spikes/s", 1.0}, folder.path(), 0, 3),
            (std::vector<std::vector<double>>{{5.0, 2.0}, {}, {1.0}}));
  EXPECT_EQ(read_spike_times({"v.h5", "/spikes/s", 1.0}, folder.path(), 2, 1),
            (std::vector<std::vector<double>>{{1.0}}));
}

TEST_F(ConfigDatasets, all_problems_at_once) {
  std::ofstream(folder / "text.h5") << "not HDF5";
  config.populations[0].size = 4;
  config.populations[0].params = {{"C_m", Dataset{"v.h5", "/three", 1.0}}, {"g_L", Dataset{"no.h5", "/x", 1.0}}};
  config.populations[0].init = {{"V_m", Dataset{"text.h5", "/x", 1.0}}};
  ProjectionConfig projection;
  projection.key = "exc>exc:ampa#0";
  projection.weight = Dataset{"v.h5", "/nan", 1.0};
  config.projections.push_back(projection);
  const std::string at = folder.path() + "/";
  EXPECT_EQ(problems(), "populations.exc.params.C_m: '/three' of '" + at + "v.h5' holds 3 numbers, but 4 are needed\n" +
                            "populations.exc.params.g_L: cannot read '" + at + "no.h5' (No such file or directory)\n" +
                            "populations.exc.init.V_m: cannot read '" + at +
                            "text.h5' (file signature not found); it is not an HDF5 file\n" +
                            "projection exc>exc:ampa#0.weight: number 1 of '/nan' of '" + at +
                            "v.h5' is not finite (nan)");
}

}  // namespace
}  // namespace ranvier
