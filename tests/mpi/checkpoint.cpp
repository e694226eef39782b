// Checkpoint files: the same on any number of ranks, whole or refused, and what a restart looks at besides.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "core/base/error.hpp"
#include "core/base/version.hpp"
#include "core/restart/restart.hpp"
#include "core/session/session.hpp"
#include "io/checkpoint/checkpoint_file.hpp"
#include "io/checkpoint/layout.hpp"
#include "io/checkpoint/seal.hpp"
#include "io/config/resolved.hpp"
#include "io/sonata/recordings/reader.hpp"
#include "io/sonata/recordings/spike_writer.hpp"
#include "tests/mpi/main.hpp"
#include "tests/mpi/shared_folder.hpp"

namespace ranvier {
namespace {

namespace fs = std::filesystem;
using checkpoint::ArrayPlan;
using checkpoint::CheckpointFile;
using checkpoint::CheckpointWriter;
using checkpoint::Number;
using ::testing::HasSubstr;
using testing::world;

constexpr std::uint64_t neurons = 70001;  // more than a chunk, and no multiple of anything

std::uint64_t first_of(int rank) { return neurons * static_cast<std::uint64_t>(rank) / world->size(); }

checkpoint::Header header(Step step, const std::string& by = version()) {
  checkpoint::Header h;
  h.step = step;
  h.dt_ms = 0.1;
  h.network = network_text(Config{}, Session().catalogue());
  h.provenance.version = by;
  h.provenance.git_hash = git_hash();
  h.provenance.build = build_description();
  return h;
}

/// V_m of neuron i is i / 4, and i * (row + 1) arrives in each of two steps.
std::uint64_t save(const std::string& folder, const checkpoint::Header& h, int keep = 2) {
  const ArrayPlan V_m{"/state/exc/V_m", Number::float64, neurons, {}};
  const ArrayPlan sums{checkpoint::arrivals_path("exc", "ampa"), Number::int32, neurons, {h.step + 1, h.step + 7}};
  CheckpointWriter writer(folder, *world, h, {V_m, sums}, {{"/signals/0", {5, -6}}}, {});
  const std::uint64_t first = first_of(world->rank().value), count = first_of(world->rank().value + 1) - first;
  std::vector<double> volts(count);
  std::vector<std::int32_t> rows(2 * count);
  for (std::uint64_t i = 0; i < count; ++i) {
    volts[i] = static_cast<double>(first + i) / 4.0;
    rows[i] = static_cast<std::int32_t>(first + i);
    rows[count + i] = static_cast<std::int32_t>(2 * (first + i));
  }
  writer.write(V_m, first, count, volts.data());
  writer.write(sums, first, count, rows.data());
  return writer.finish(keep);
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Checkpoint, ReadsBackWhatWasWritten) {
  const testing::SharedFolder scratch;
  const std::uint64_t bytes = save(scratch.path(), header(42));
  EXPECT_EQ(bytes, fs::file_size(checkpoint::checkpoint_path(scratch.path())));
  const CheckpointFile file(checkpoint::checkpoint_path(scratch.path()));
  EXPECT_EQ(file.header().step, 42);
  EXPECT_EQ(file.header().dt_ms, 0.1);
  EXPECT_EQ(file.variables("exc"), std::vector<std::string>{"V_m"});
  EXPECT_EQ(file.receptors("exc"), std::vector<std::string>{"ampa"});
  EXPECT_EQ(file.series("/signals/0"), (std::vector<std::int64_t>{5, -6}));
  EXPECT_EQ(file.state("exc", "V_m", 65534, 4, neurons), (std::vector<double>{16383.5, 16383.75, 16384.0, 16384.25}));
  const auto arrivals = file.arrivals("exc", "ampa", 69999, 2, neurons);
  EXPECT_EQ(arrivals.steps, (std::vector<Step>{43, 49}));
  EXPECT_EQ(arrivals.sums, (std::vector<std::int64_t>{69999, 70000, 139998, 140000}));
  EXPECT_TRUE(file.arrivals("exc", "gaba", 0, 2, neurons).steps.empty());
  EXPECT_THROW(file.state("exc", "V_m", 0, 1, neurons + 1), RuntimeError);
  EXPECT_THROW(file.state("exc", "g", 0, 1, neurons), RuntimeError);
}

TEST(Checkpoint, KeepsAsManyAsAskedForTheNewestFirst) {
  const testing::SharedFolder scratch;
  for (const Step step : {10, 20, 30, 40}) save(scratch.path(), header(step), 3);
  for (int age = 0; age < 3; ++age)
    EXPECT_EQ(CheckpointFile(checkpoint::checkpoint_path(scratch.path(), age)).header().step, 40 - 10 * age);
  EXPECT_FALSE(fs::exists(checkpoint::checkpoint_path(scratch.path(), 3)));
  EXPECT_FALSE(fs::exists(checkpoint::checkpoint_path(scratch.path()) + ".part"));
}

TEST(Checkpoint, AThousandWrongBitsAreFound) {
  const testing::SharedFolder scratch;
  save(scratch.path(), header(42));
  const std::string path = checkpoint::checkpoint_path(scratch.path());
  EXPECT_EQ(checkpoint::problem_with(path, *world), "");
  const std::string whole = contents(path);
  std::mt19937_64 draw(1);
  const int flips = 1000 / world->size();
  for (int n = 0; n < flips; ++n) {
    // The seal is a thousandth of the file: every tenth flip is there.
    const std::uint64_t place = draw() % (n % 10 == 0 ? checkpoint::seal_bytes : whole.size());
    const char flipped = static_cast<char>(whole[place] ^ (1 << draw() % 8));
    const auto put = [&](char byte) {
      world->barrier();
      if (world->is_root()) {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(static_cast<std::streamoff>(place)).put(byte);
      }
      world->barrier();
    };
    put(flipped);
    EXPECT_NE(checkpoint::problem_with(path, *world), "") << "byte " << place;
    put(whole[place]);
  }
  EXPECT_EQ(checkpoint::problem_with(path, *world), "");
  EXPECT_EQ(contents(path), whole);
}

TEST(Checkpoint, HashDoesNotDependOnRanks) {
  const testing::SharedFolder scratch;
  const std::string path = scratch.path() + "/bytes";
  if (world->is_root()) {
    std::ofstream file(path, std::ios::binary);
    for (int i = 0; i < 5'000'000; ++i) file.put(static_cast<char>(i % 251)).put(static_cast<char>(i % 13));
  }
  world->barrier();
  EXPECT_EQ(checkpoint::hash_file(path, 0, *world), checkpoint::hash_file(path, 0));
  EXPECT_NE(checkpoint::hash_file(path, 0), checkpoint::hash_file(path, 1));
}

/// Spikes of 2000 neurons, all in each of the steps.
void record(SpikeWriter& writer, Step first, Step last) {
  std::vector<RecordedSpike> spikes;
  const auto ranks = static_cast<std::uint64_t>(world->size());
  for (Step step = first; step <= last; ++step)
    for (auto node = static_cast<std::uint64_t>(world->rank().value); node < 2000; node += ranks)
      spikes.push_back({0, node, step});
  writer.append(spikes);
  writer.flush(last);
}

TEST(FileImage, MakesAFileWhatItWas) {
  const testing::SharedFolder scratch;
  const std::string path = scratch.path() + "/spikes.h5";
  Provenance provenance;
  provenance.run_id = "0123456789abcdef";
  SpikeWriter writer(path, *world, {{"exc", 2000}}, 0.1, 100.0, provenance);
  checkpoint::FileImager imager(path, provenance.run_id);
  std::vector<std::pair<checkpoint::FileImage, std::string>> taken;
  // Chunks hold 1024 spikes: some flushes fill several, some none.
  for (Step step = 1; step <= 40; ++step) {
    record(writer, step, step);
    if (step % 9 == 0 && world->is_root()) taken.emplace_back(imager.take(), contents(path));
    world->barrier();
  }
  writer.close(41);
  if (!world->is_root()) return;
  ASSERT_EQ(taken.size(), 4u);
  for (auto& [image, bytes] : taken) EXPECT_LT(image.bytes.size(), 3 * 8 * 1024 + 60000u) << image.size;
  EXPECT_GT(taken.back().second.size(), 3 * 8 * 70000u);
  // From the last back to the first: each leaves alone what the ones before it need.
  for (auto it = taken.rbegin(); it != taken.rend(); ++it) {
    auto& [image, bytes] = *it;
    ASSERT_EQ(image.size, bytes.size());
    {
      std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
      for (std::size_t k = 0; k < image.offsets.size(); ++k) {
        file.seekp(static_cast<std::streamoff>(image.offsets[k]));
        for (std::uint64_t i = 0; i < image.lengths[k]; ++i)
          file.put(image.offsets[k] + i - image.mark_at < 16 ? provenance.run_id[image.offsets[k] + i - image.mark_at]
                                                             : '#');
      }
    }
    checkpoint::restore(image, path);
    EXPECT_TRUE(contents(path) == bytes);
  }
  EXPECT_EQ(read_spikes(path, "exc").times.size(), 9 * 2000u);
  taken.front().first.mark = "fedcba9876543210";
  EXPECT_THROW(checkpoint::restore(taken.front().first, path), RuntimeError);
}

TEST(Restart, GoesBackToAWholeCheckpoint) {
  const testing::SharedFolder scratch;
  save(scratch.path(), header(10));
  save(scratch.path(), header(20));
  const std::string newest = checkpoint::checkpoint_path(scratch.path());
  if (world->is_root()) fs::resize_file(newest, fs::file_size(newest) / 2);
  world->barrier();
  const auto found = checkpoint::find_whole(scratch.path(), *world);
  EXPECT_EQ(found.path, checkpoint::checkpoint_path(scratch.path(), 1));
  EXPECT_THAT(found.warning, HasSubstr("checkpoint.h5"));
}

TEST(Restart, RefusesOtherVersionsAndTimesThatArePast) {
  const testing::SharedFolder scratch;
  const auto refusal = [&](Step last) {
    try {
      open_restart(scratch.path(), Config{}, Session().catalogue(), last, *world, nullptr);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  save(scratch.path(), header(10));
  EXPECT_EQ(refusal(10), "none");
  EXPECT_THAT(refusal(9), HasSubstr("is at 1 ms, but the run ends at 0.9 ms"));
  save(scratch.path(), header(10, "0.0.9"));
  EXPECT_THAT(refusal(10), HasSubstr(fmt::format("was written by version 0.0.9; this is {}", version())));
}

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) { return ranvier::testing::run_mpi_tests(argc, argv); }
