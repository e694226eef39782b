// `ranvier diff`: what counts as the same, what the first difference is called, and the exit code.
#include "io/sonata/inspect/diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "io/hdf5/dataset.hpp"
#include "tests/support/recorded_files.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Diff : ::testing::Test {
  testing::ScratchFolder folder;
  std::string a = folder / "a.h5", b = folder / "b.h5";
};

TEST_F(Diff, same_spikes_whatever_the_provenance) {
  testing::write_spikes(a, 1);
  testing::write_spikes(b, 4);
  const auto result = diff(a, b);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.text, StartsWith("same: "));
  EXPECT_THAT(result.text, HasSubstr(" spikes of 4 populations\n  (provenance differs: ranks 1 / 4)\n"));
}

TEST_F(Diff, one_spike_one_step_later) {
  testing::write_spikes(a);
  // Neuron 0 of inh fires at steps 3, 6, ...: at its third spike it is late.
  testing::write_spikes(b, [](auto& spikes) {
    for (auto& s : spikes)
      if (s.population == 2 && s.node == 0 && s.step == 9) s.step = 10;
  });
  const auto result = diff(a, b);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.text,
              HasSubstr(" of inh is of neuron 0 at step 9 in the first, of neuron 5 at step 9 in the second "
                        "(5594 and 5594 spikes)\n"));
}

TEST_F(Diff, spikes_missing_at_the_end) {
  testing::write_spikes(a);
  testing::write_spikes(
      b, [](auto& spikes) { std::erase_if(spikes, [](const auto& s) { return s.population == 2 && s.step == 100; }); });
  const auto result = diff(a, b);
  EXPECT_EQ(result.exit_code, 1);
  // At step 100 fire those with a period of 4 or 5: the first is neuron 1.
  EXPECT_THAT(result.text, HasSubstr("they are equal until the first continues with neuron 1 at step 100\n"));
}

TEST_F(Diff, spikes_at_times_that_are_no_numbers) {
  // Enough of them to lead a sort astray that takes NaN for a number.
  const auto write = [](const std::string& path, double last) {
    std::vector<double> times;
    std::vector<std::uint64_t> ids;
    for (int i = 0; i < 100; ++i) {
      times.push_back(i % 3 == 0 ? i : NAN);
      ids.push_back(static_cast<std::uint64_t>(i % 7));
    }
    times.back() = last;
    auto file = hdf5::File::create(path);
    hdf5::Dataset::create<double>(file, "/spikes/x/timestamps", {100}).write<double>({0}, {100}, times.data());
    hdf5::Dataset::create<std::uint64_t>(file, "/spikes/x/node_ids", {100})
        .write<std::uint64_t>({0}, {100}, ids.data());
    file.close();
  };
  write(a, NAN);
  write(b, NAN);
  EXPECT_EQ(diff(a, b).text, "same: 100 spikes of 1 population\n");
  // The 33 numbers 0, 3, ..., 96 come first.
  write(b, 200.0);
  EXPECT_THAT(diff(a, b).text, StartsWith("different: spike 33 of x is of neuron 0 at time nan in the first, of neuron "
                                          "1 at time 200 in the second"));
}

TEST_F(Diff, reports_by_bits) {
  testing::write_report(a);
  testing::write_report(b);
  EXPECT_EQ(diff(a, b).text, "same: 20 frames of 1 population\n");
  testing::write_report(b, 1.0);
  EXPECT_EQ(diff(a, b).text,
            "different: frame 12 (6 ms) of exc, neuron 5, is -59.95238 in the first and -58.95238 in the second\n");
  testing::write_report(b, 0.0, true);
  EXPECT_EQ(diff(a, b).text, "different: exc has numbers of bits 32 in the first and 64 in the second\n");
  // One unit in the last place of a double.
  testing::write_report(a, 0.0, true);
  testing::write_report(
      b, std::nextafter(testing::RecordingNetwork::value(5, 12), 0.0) - testing::RecordingNetwork::value(5, 12), true);
  EXPECT_EQ(diff(a, b).exit_code, 1);
  // Not a number is the same as itself.
  testing::write_report(a, NAN);
  testing::write_report(b, NAN);
  EXPECT_EQ(diff(a, b).exit_code, 0);
}

TEST_F(Diff, other_files_by_bits) {
  for (const auto& [path, value] : {std::pair{a, 1.0}, std::pair{b, 2.0}}) {
    auto file = hdf5::File::create(path);
    hdf5::write_text(file, "/t", "same");
    hdf5::Dataset::create<double>(file, "/x/y", {1}).write<double>({0}, {1}, &value);
    file.close();
  }
  EXPECT_EQ(diff(a, b).text, "different: element 0 of x/y is 1 in the first and 2 in the second\n");
  EXPECT_EQ(diff(a, a).text, "same: 2 datasets\n");
}

TEST_F(Diff, files_that_cannot_be_compared) {
  testing::write_spikes(a);
  EXPECT_EQ(diff(a, b).text, "cannot read '" + b + "' (No such file or directory)\n");
  EXPECT_EQ(diff(a, b).exit_code, 2);
  std::ofstream(b) << "text";
  EXPECT_EQ(diff(a, b).exit_code, 2);
  EXPECT_THAT(diff(a, b).text, HasSubstr("it is not an HDF5 file"));
  EXPECT_EQ(diff(a, folder.path()).exit_code, 2);
}

TEST_F(Diff, folders_by_name) {
  for (const auto* name : {"one", "two", "none"}) std::filesystem::create_directory(folder / name);
  testing::write_spikes(folder / "one/spikes.h5");
  testing::write_spikes(folder / "two/spikes.h5");
  testing::write_report(folder / "one/V_m.h5");
  testing::write_report(folder / "two/V_m.h5");
  std::ofstream(folder / "two/summary.json") << "{}";
  EXPECT_EQ(diff(folder / "one", folder / "two").exit_code, 0);
  testing::write_report(folder / "two/V_m.h5", 1.0);
  EXPECT_THAT(diff(folder / "one", folder / "two").text, StartsWith("V_m.h5: different: frame 12"));
  std::filesystem::remove(folder / "two/V_m.h5");
  const auto result = diff(folder / "one", folder / "two");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.text, StartsWith("different: only '" + (folder / "one") + "' has V_m.h5\nspikes.h5: same: "));
  EXPECT_EQ(diff(folder / "one", folder / "none").exit_code, 2);
}

}  // namespace
}  // namespace ranvier
