// The recorder, from the spikes of a rank's neurons and an engine's states to the files, on any number of ranks.
#include "core/run/recorder.hpp"

#include <gmock/gmock.h>

#include "core/session/session.hpp"
#include "io/sonata/recordings/reader.hpp"
#include "tests/mpi/shared_folder.hpp"
#include "tests/support/recording_network.hpp"
#include "tests/support/without_state.hpp"

namespace ranvier {
namespace {

using ::testing::ElementsAre;
using testing::test_provenance;
using testing::world;

/// States that say where and when they were read: neuron + 1000 * population + 10^6 * step.
struct MadeUpStates : testing::WithoutState<NetworkState> {
  explicit MadeUpStates(const Layout& l) : layout(l) {}
  void read_state(std::size_t population, const std::string& variable, std::span<const std::uint32_t> neurons,
                  double* out) override {
    EXPECT_EQ(variable, "V_m");
    for (const std::uint32_t n : neurons)
      *out++ = static_cast<double>(layout.populations[population].first + n + 1000 * population) +
               1e6 * static_cast<double>(step);
  }

  const Layout& layout;
  Step step = 0;
};

/// Populations a (recorded), b (not recorded) and c (recorded), of 10, 7 and 5 neurons, in blocks on the ranks.
struct RecorderTest : testing::SharedFolderTest {
  RecorderTest() {
    config.output = folder.string();
    config.dt = 0.1;
    config.record.spikes = {"a", "c"};
    std::uint64_t gid = 0;
    const auto r = static_cast<std::uint64_t>(rank), all = static_cast<std::uint64_t>(ranks);
    for (const auto& [name, size] : {std::pair<std::string, std::uint64_t>{"a", 10}, {"b", 7}, {"c", 5}}) {
      PopulationConfig p;
      p.name = name;
      p.size = size;
      p.model = "lif";
      config.populations.push_back(p);
      PopulationLayout share;
      share.name = name;
      share.size = size;
      share.gid0 = gid;
      share.first = size * r / all;
      share.count = static_cast<std::uint32_t>(size * (r + 1) / all - share.first);
      share.local0 = layout.neurons;
      layout.neurons += share.count;
      gid += size;
      layout.populations.push_back(share);
    }
  }

  Recorder recorder(Step first = 0, const std::vector<checkpoint::FileImage>& images = {}) {
    if (!nodes) nodes.emplace(config, *world);
    Provenance provenance = test_provenance(ranks);
    provenance.run_id = "the run of this test";
    return {config, session.models(), layout, *nodes, first, 1000, *world, provenance, images};
  }
  /// In step s, the neurons whose number is s modulo 3 fire, those of a twice; the last first.
  std::vector<Spike> spikes(Step first, int steps) const {
    std::vector<Spike> list;
    for (int offset = steps - 1; offset >= 0; --offset)
      for (std::size_t p = 3; p-- > 0;)
        for (std::uint32_t n = layout.populations[p].count; n-- > 0;)
          if (fires(layout.populations[p].first + n, first + offset))
            list.push_back({layout.populations[p].local0 + n, static_cast<std::uint16_t>(offset),
                            static_cast<std::uint16_t>(p == 0 ? 2 : 1)});
    return list;
  }
  static bool fires(std::uint64_t neuron, Step step) { return static_cast<Step>(neuron % 3) == step % 3; }

  /// The file on the disk holds these spikes of steps (begin, end], no more and in order. A copy is read: of a file that this
  /// process has open, HDF5 would show what is in memory.
  void expect_spikes(Step begin, Step end) {
    world->barrier();
    if (rank == 0) {
      const std::string copy = (folder / "copy.h5").string();
      std::filesystem::copy_file(folder / config.record.spikes_file, copy,
                                 std::filesystem::copy_options::overwrite_existing);
      const auto file = hdf5::File::open(copy);
      const auto recorded = open_spikes(file);
      ASSERT_EQ(recorded.size(), 2u);
      for (const auto& [population, size, times] : {std::tuple{&recorded[0], 10u, 2}, {&recorded[1], 5u, 1}}) {
        std::vector<std::uint64_t> ids;
        std::vector<Step> steps;
        for (Step s = begin + 1; s <= end; ++s)
          for (std::uint64_t n = 0; n < size; ++n)
            for (int k = 0; k < (fires(n, s) ? times : 0); ++k) {
              ids.push_back(n);
              steps.push_back(s);
            }
        EXPECT_EQ(population->steps(0, population->size()), steps) << population->name();
        EXPECT_EQ(population->ids(0, population->size()), ids) << population->name();
        EXPECT_EQ(population->t_stop(), static_cast<double>(end) / 10.0);
      }
    }
    world->barrier();
  }

  Config config;
  Session session;
  Layout layout;
  std::optional<NodeSelections> nodes;
};

TEST_F(RecorderTest, SpikesInOrderWithoutThoseOfOtherPopulations) {
  auto r = recorder();
  for (Step s = 0; s < 60; s += 20) r.spikes(spikes(s + 1, 20), s + 1);
  const auto mine = static_cast<std::uint64_t>(layout.populations[0].count) * 2 + layout.populations[2].count;
  EXPECT_EQ(r.buffered_spikes(), mine * 20) << "each fires in every third of 60 steps";
  r.close(60);
  expect_spikes(0, 60);
}

/// What is handed on is not in the file on the disk before a flush, and is after it, whatever the number of batches.
TEST_F(RecorderTest, WritingBesideTheSimulationIsTheSameFile) {
  auto r = recorder();
  for (Step s = 0; s < 300; s += 10) {
    r.spikes(spikes(s + 1, 10), s + 1);
    if (s % 20 == 0) r.write_spikes();
    if (s % 20 == 0) {
      EXPECT_EQ(r.buffered_spikes(), 0U);
    }
    if (s == 100) {
      r.flush(110);
      expect_spikes(0, 110);
    }
    if (s == 150) {
      r.wait();
      expect_spikes(0, 110);
    }
  }
  r.close(300);
  expect_spikes(0, 300);
}

TEST_F(RecorderTest, NothingIsRecordedWhereNothingIsAskedFor) {
  config.record.spikes.clear();
  auto r = recorder();
  r.spikes(spikes(1, 20), 1);
  EXPECT_EQ(r.buffered_spikes(), 0U);
  EXPECT_FALSE(r.traces_are_due(1000));
  EXPECT_GT(r.next_sample(0), 1000);
  r.write_spikes();
  r.close(20);
  EXPECT_FALSE(std::filesystem::exists(folder / config.record.spikes_file));
}

/// The run is cut after step 50, and what had been recorded beyond that is forgotten.
TEST_F(RecorderTest, GoesOnFromACheckpoint) {
  std::vector<checkpoint::FileImage> images;
  {
    auto r = recorder();
    r.spikes(spikes(1, 30), 1);
    r.write_spikes();
    r.spikes(spikes(31, 20), 31);
    r.flush(50);
    images = r.images();
    r.spikes(spikes(51, 30), 51);
    r.write_spikes();
    r.close(80);
    expect_spikes(0, 80);
  }
  world->barrier();
  auto r = recorder(50, images);
  r.spikes(spikes(51, 10), 51);
  r.write_spikes();
  r.spikes(spikes(61, 10), 61);
  r.close(70);
  expect_spikes(0, 70);
}

TEST_F(RecorderTest, BeginsAnewWithoutACheckpoint) {
  auto r = recorder(50);
  r.spikes(spikes(51, 10), 51);
  r.close(60);
  expect_spikes(50, 60);
}

TEST_F(RecorderTest, TracesAreWrittenWhenTheyFillTheirBuffers) {
  TraceConfig trace;
  trace.population = "c";
  trace.variables = {"V_m"};
  trace.every = 2;
  trace.ids = {{1, 2}, {3, 5}};
  trace.double_precision = true;
  config.record.traces = {trace};
  MadeUpStates states(layout);
  auto r = recorder();
  EXPECT_EQ(r.next_sample(0), 2);
  EXPECT_EQ(r.next_sample(2), 4);
  // The rank with most of the neurons 1, 3 and 4 has a third or more of 24 bytes for each frame.
  EXPECT_FALSE(r.traces_are_due(static_cast<Step>(most_buffered_traces / 24)));
  EXPECT_TRUE(r.traces_are_due(static_cast<Step>(most_buffered_traces / 4)));
  const bool due = r.traces_are_due(static_cast<Step>(most_buffered_traces / 8));
  EXPECT_EQ(world->all(due), world->any(due)) << "the ranks agree";
  for (Step s = 0; s <= 40; s += 2) {
    states.step = s;
    r.sample(states, s);
    if (s == 10) r.write_traces(s);
  }
  r.close(40);
  world->barrier();
  if (rank == 0) {
    const auto file = hdf5::File::open((folder / "c.V_m.h5").string());
    const auto report = std::move(open_reports(file).at(0));
    EXPECT_THAT(report.node_ids(), ElementsAre(1, 3, 4));
    ASSERT_EQ(report.frames(), 21U);
    const auto values = report.values<double>(0, 21);
    for (std::size_t f = 0; f < 21; ++f)
      for (std::size_t c = 0; c < 3; ++c)
        EXPECT_EQ(values[3 * f + c], 2000.0 + static_cast<double>(report.node_ids()[c]) + 2e6 * static_cast<double>(f));
  }
  world->barrier();
}

TEST(RecordingMemory, IsBounded) {
  Config config;
  EXPECT_EQ(recording_memory(config, 1), 0U);
  PopulationConfig p;
  p.name = "n";
  p.size = 400;
  config.populations = {p};
  config.steps = 100;
  TraceConfig trace;
  trace.population = "n";
  trace.variables = {"V_m", "I_ex"};
  trace.every = 1;
  config.record.traces = {trace};
  EXPECT_EQ(recording_memory(config, 1), 4U * 100 * 400 * 2 * 4) << "single precision";
  EXPECT_EQ(recording_memory(config, 3), 4U * 100 * 134 * 2 * 4) << "of the largest share";
  config.steps = 100'000'000;
  EXPECT_EQ(recording_memory(config, 1), 4 * most_buffered_traces);
  config.record.spikes = {"n"};
  EXPECT_EQ(recording_memory(config, 1), 4 * most_buffered_traces + 56 * most_buffered_spikes);
}

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) { return ranvier::testing::run_mpi_tests(argc, argv); }
