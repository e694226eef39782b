// Spikes and traces written by several ranks hold exactly what the network did, in the order of the format, and a full
// disk is the same error on every rank.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "core/base/error.hpp"
#include "io/results/output_folder.hpp"
#include "io/sonata/recordings/reader.hpp"
#include "tests/mpi/main.hpp"
#include "tests/mpi/shared_folder.hpp"
#include "tests/support/recording_network.hpp"

namespace ranvier {
namespace {

using ::testing::HasSubstr;
using testing::RecordingNetwork;
using testing::test_provenance;
using testing::world;

struct Recording : testing::SharedFolderTest {
  bool mine(std::uint64_t node) const { return static_cast<int>(node * 7 / 3) % ranks == rank; }
  std::vector<RecordedSpike> my_spikes(Step begin, Step end) const {
    return RecordingNetwork::spikes(begin, end, [&](auto node) { return mine(node); });
  }
  SpikeWriter spike_writer(const std::string& path) const {
    return {path, *world, RecordingNetwork::populations(), RecordingNetwork::dt_ms, 200.0, test_provenance(ranks)};
  }
};

/// What the file must hold, computed a second way: step by step, neuron by neuron.
void expect_all_spikes(const std::string& path, Step last) {
  const auto file = hdf5::File::open(path);
  const auto populations = open_spikes(file);
  ASSERT_EQ(populations.size(), 4u);
  EXPECT_EQ(populations[0].name(), "empty");
  EXPECT_EQ(populations[0].size(), 0u);
  EXPECT_EQ(populations[3].name(), "silent");
  EXPECT_EQ(populations[3].size(), 0u);
  for (const std::uint32_t p : {0u, 2u}) {
    const auto& recorded = populations[p == 0 ? 1 : 2];
    std::vector<Step> steps;
    std::vector<std::uint64_t> ids;
    std::vector<double> times;
    for (Step s = 0; s <= last; ++s)
      for (std::uint64_t n = 0; n < RecordingNetwork::populations()[p].size; ++n)
        for (int k = RecordingNetwork::spikes_at(p, n, s); k > 0; --k) {
          steps.push_back(s);
          ids.push_back(n);
          times.push_back(static_cast<double>(s) / 10.0);  // 0.3, not 0.30000000000000004
        }
    EXPECT_EQ(recorded.steps(0, recorded.size()), steps);
    EXPECT_EQ(recorded.ids(0, recorded.size()), ids);
    EXPECT_EQ(recorded.times(0, recorded.size()), times);
    EXPECT_EQ(recorded.sorting(), sonata::Sorting::by_time);
    EXPECT_EQ(recorded.t_stop(), static_cast<double>(last) / 10.0);
  }
}

TEST_F(Recording, spikes_of_all_ranks_in_order) {
  const auto path = folder / "spikes.h5";
  auto writer = spike_writer(path);
  // Flushes of every size: nothing, few (one rank writes), many (all write).
  Step done = 0;
  for (const Step until : {Step{0}, Step{7}, Step{8}, Step{900}, Step{900}, RecordingNetwork::steps}) {
    writer.append(my_spikes(done, until));
    writer.flush(until);
    done = until;
  }
  writer.close(done);
  EXPECT_GT(writer.written(), 4u * 65536u);
  if (rank == 0) expect_all_spikes(path, RecordingNetwork::steps);
}

/// Batches that are written while the next are made, of all sizes, and spikes of one neuron in one step that are more than a
/// chunk: ranks then share them.
TEST_F(Recording, batches_beside_the_caller_are_the_same_file) {
  const auto path = folder / "spikes.h5";
  auto writer = spike_writer(path);
  Step done = 0;
  for (const Step until : {Step{3}, Step{400}, Step{401}, Step{401}, Step{1100}, Step{1101}, RecordingNetwork::steps}) {
    writer.append(my_spikes(done, until));
    writer.write(until);
    done = until;
  }
  writer.close(done);
  if (rank == 0) expect_all_spikes(path, RecordingNetwork::steps);
}

TEST_F(Recording, equal_spikes_are_divided_among_ranks) {
  const auto path = folder / "spikes.h5";
  constexpr std::uint64_t many = 300000;
  auto writer = spike_writer(path);
  writer.append(std::vector<RecordedSpike>(many, {0, 7, 5}));
  writer.append(std::vector<RecordedSpike>(3, {0, 6, 5}));
  writer.close(5);
  if (rank != 0) return;
  const auto file = hdf5::File::open(path);
  const auto recorded = std::move(open_spikes(file).at(1));
  ASSERT_EQ(recorded.name(), "exc");
  const auto all = static_cast<std::uint64_t>(ranks);
  std::vector<std::uint64_t> expected(3 * all, 6);
  expected.resize((many + 3) * all, 7);
  EXPECT_EQ(recorded.ids(0, recorded.size()), expected);
}

TEST_F(Recording, spikes_are_there_after_a_flush_without_close) {
  const auto path = folder / "spikes.h5";
  {
    auto writer = spike_writer(path);
    writer.append(my_spikes(0, 1000));
    writer.flush(1000);
    writer.append(my_spikes(1000, 1100));
  }
  world->barrier();
  if (rank == 0) expect_all_spikes(path, 1000);
}

TEST_F(Recording, spikes_outside_the_network_are_refused) {
  auto writer = spike_writer(folder / "spikes.h5");
  EXPECT_THROW(writer.append(std::vector<RecordedSpike>{{4, 0, 1}}), std::out_of_range);
  EXPECT_THROW(writer.append(std::vector<RecordedSpike>{{1, 40, 1}}), std::out_of_range);
  EXPECT_THROW(writer.append(std::vector<RecordedSpike>{{0, 0, RecordingNetwork::steps + 1}}), std::out_of_range);
  EXPECT_THROW(writer.append(std::vector<RecordedSpike>{{0, 0, -1}}), std::out_of_range);
  writer.close();
}

TEST_F(Recording, spikes_that_come_too_late_are_an_error_on_all_ranks) {
  auto writer = spike_writer(folder / "spikes.h5");
  writer.append(my_spikes(0, 100));
  writer.flush(100);
  if (rank == ranks - 1) writer.append(std::vector<RecordedSpike>{{0, 7, 100}});
  std::string message;
  try {
    writer.flush(200);
  } catch (const RuntimeError& e) {
    message = e.what();
  }
  EXPECT_THAT(message, HasSubstr("spikes of exc at steps 100 to 100 cannot be in a flush of steps 101 to 200"));
}

TEST_F(Recording, full_disk_is_one_message_on_all_ranks_and_keeps_what_was_flushed) {
  const auto path = folder / "spikes.h5";
  auto writer = spike_writer(path);
  writer.append(my_spikes(0, 900));
  writer.flush(900);

  // A limit on file size fails as a full disk does, and needs no disk to fill.
  world->barrier();
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{}, low{};
  getrlimit(RLIMIT_FSIZE, &before);
  low = before;
  low.rlim_cur = hdf5::file_size(path) + 100000;
  world->barrier();
  setrlimit(RLIMIT_FSIZE, &low);
  writer.append(my_spikes(900, 2000));
  std::string message;
  try {
    writer.flush(2000);
  } catch (const RuntimeError& e) {
    message = e.what();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_THAT(message, HasSubstr(path.string()));
  EXPECT_THAT(message, HasSubstr("File too large"));
  world->barrier();
  if (rank == 0) expect_all_spikes(path, 900);
}

TEST_F(Recording, a_folder_that_is_not_there_is_one_message_on_all_ranks) {
  std::string message;
  try {
    spike_writer(folder / "no" / "spikes.h5");
  } catch (const RuntimeError& e) {
    message = e.what();
  }
  EXPECT_THAT(message, HasSubstr("cannot create"));
  EXPECT_THAT(message, HasSubstr("No such file or directory"));
}

TEST_F(Recording, an_output_folder_below_a_file_is_one_message_on_all_ranks) {
  std::string message;
  try {
    prepare_output_folder("/dev/null/results", *world);
  } catch (const RuntimeError& e) {
    message = e.what();
  }
  EXPECT_THAT(message, HasSubstr("cannot create output folder '/dev/null/results' (Not a directory)"));
}

struct ReportCase {
  std::uint64_t stride;  ///< every stride-th neuron of 3000 is recorded; 0: none
  bool double_precision;
  bool on_one_rank;
};

class Report : public Recording, public ::testing::WithParamInterface<ReportCase> {};

TEST_P(Report, columns_of_all_ranks_in_order) {
  const auto [stride, double_precision, on_one_rank] = GetParam();
  std::vector<std::uint64_t> own, all;
  for (std::uint64_t n = 0; stride > 0 && n < 3000; n += stride) all.push_back(n);
  for (auto n = all.rbegin(); n != all.rend(); ++n)
    if (on_one_rank ? rank == ranks - 1 : mine(*n)) own.push_back(*n);
  // Neither the order of ids nor its reverse.
  if (own.size() > 2) std::swap(own[0], own[own.size() / 2]);

  const auto path = folder / "V_m.h5";
  constexpr std::uint64_t frames = 500;
  ReportWriter writer(path, *world, {"exc", "V_m", "mV", 0.1, 0.5, frames, double_precision}, own,
                      test_provenance(ranks));
  std::uint64_t done = 0;
  for (const std::uint64_t until :
       {std::uint64_t{1}, std::uint64_t{1}, std::uint64_t{60}, std::uint64_t{200}, frames}) {
    std::vector<double> values;
    for (std::uint64_t f = done; f < until; ++f)
      for (const auto n : own) values.push_back(RecordingNetwork::value(n, f));
    writer.append(done, until - done, values);
    done = until;
    if (until != 200) writer.flush();  // twice one block, once two
  }
  EXPECT_THROW(writer.append(frames + 1, 1, std::vector<double>(own.size())), std::invalid_argument);
  writer.close();
  if (rank != 0) return;

  const auto file = hdf5::File::open(path);
  const auto reports = open_reports(file);
  ASSERT_EQ(reports.size(), 1u);
  const auto& report = reports[0];
  EXPECT_EQ(report.node_ids(), all);
  EXPECT_EQ(report.frames(), frames);
  EXPECT_EQ(report.columns(), all.size());
  EXPECT_EQ(report.start(), 0.1);
  EXPECT_DOUBLE_EQ(report.stop(), 0.1 + 250.0);
  EXPECT_EQ(report.dt(), 0.5);
  EXPECT_EQ(report.double_precision(), double_precision);
  const auto values = report.values<double>(0, frames);
  std::uint64_t wrong = 0;
  for (std::uint64_t f = 0; f < frames; ++f)
    for (std::uint64_t c = 0; c < all.size(); ++c) {
      const double exact = RecordingNetwork::value(all[c], f);
      const double expected = double_precision ? exact : static_cast<double>(static_cast<float>(exact));
      wrong += values[f * all.size() + c] != expected;
    }
  EXPECT_EQ(wrong, 0u);
}

INSTANTIATE_TEST_SUITE_P(Columns, Report,
                         ::testing::Values(ReportCase{1, false, false}, ReportCase{1, true, false},
                                           ReportCase{300, false, false}, ReportCase{300, true, true},
                                           ReportCase{2999, false, false}, ReportCase{0, false, false}));

}  // namespace
}  // namespace ranvier

int main(int argc, char** argv) { return ranvier::testing::run_mpi_tests(argc, argv); }
