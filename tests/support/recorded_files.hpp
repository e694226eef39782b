#pragma once
#include <string>

#include "comm/mpi/communicator.hpp"
#include "tests/support/recording_network.hpp"

/// Small result files for tests that read them.
namespace ranvier::testing {

/// MPI for a program of one process, from the first use to the end.
inline const Communicator& alone() {
  static int argc = 0;
  static char** argv = nullptr;
  static const MpiSession session(argc, argv);
  static const auto self = Communicator::self();
  return self;
}

/// 100 ms of the made-up network; `change` may alter the list before it is written.
template <class Change>
void write_spikes(const std::string& path, Change change, int ranks = 1) {
  SpikeWriter writer(path, alone(), RecordingNetwork::populations(), RecordingNetwork::dt_ms, 100.0,
                     test_provenance(ranks));
  auto spikes = RecordingNetwork::spikes(0, 100, [](std::uint64_t) { return true; });
  change(spikes);
  writer.append(spikes);
  writer.close(1000);
}
inline void write_spikes(const std::string& path, int ranks = 1) {
  write_spikes(
      path, [](std::vector<RecordedSpike>&) {}, ranks);
}

/// 20 frames of neurons 0, 5 and 7; `changed` is added to neuron 5 in frame 12.
inline void write_report(const std::string& path, double changed = 0.0, bool double_precision = false) {
  const std::vector<std::uint64_t> ids{7, 0, 5};
  ReportWriter writer(path, alone(), {"exc", "V_m", "mV", 0.0, 0.5, 20, double_precision}, ids, test_provenance(1));
  std::vector<double> values;
  for (std::uint64_t f = 0; f < 20; ++f)
    for (const auto n : ids) values.push_back(RecordingNetwork::value(n, f) + (n == 5 && f == 12 ? changed : 0.0));
  writer.append(0, 20, values);
  writer.close();
}

}  // namespace ranvier::testing
