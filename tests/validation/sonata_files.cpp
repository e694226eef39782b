// Writes the files that sonata_files.py looks at: sonata_files FOLDER whole|killed
// killed: flushes half of the time, records some more, and is killed without warning.
#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <string>

#include "comm/mpi/communicator.hpp"
#include "tests/support/recording_network.hpp"

namespace {

using namespace ranvier;
using testing::RecordingNetwork;

void write(const Communicator& world, const std::filesystem::path& folder, bool killed) {
  const int rank = world.rank().value, ranks = world.size();
  const auto mine = [&](std::uint64_t node) {
    return static_cast<int>(node % static_cast<std::uint64_t>(ranks)) == rank;
  };
  const auto provenance = testing::test_provenance(ranks);

  SpikeWriter spikes(folder / "spikes.h5", world, RecordingNetwork::populations(), RecordingNetwork::dt_ms, 200.0,
                     provenance);
  std::vector<std::uint64_t> columns;
  for (std::uint64_t n = 0; n < RecordingNetwork::exc; n += 3)
    if (mine(n)) columns.push_back(n);
  ReportWriter v(folder / "V_m.h5", world, {"exc", "V_m", "mV", 0.0, 1.0, 200, false}, columns, provenance);
  ReportWriter g(folder / "g.h5", world, {"exc", "ampa.g", "nS", 0.0, 1.0, 200, true}, columns, provenance);

  // Flushed as often as the number of ranks says: it must not show.
  const Step last = killed ? RecordingNetwork::steps / 2 : RecordingNetwork::steps;
  const Step step = RecordingNetwork::steps / (10 * ranks);
  for (Step done = 0; done < last; done += step) {
    const Step now = std::min(done + step, last);
    spikes.append(RecordingNetwork::spikes(done, now, mine));
    spikes.flush(now);
  }
  for (std::uint64_t frame = 0; frame < (killed ? 100u : 200u); frame += 50) {
    std::vector<double> values;
    for (std::uint64_t f = frame; f < frame + 50; ++f)
      for (const auto n : columns) values.push_back(RecordingNetwork::value(n, f));
    for (auto* report : {&v, &g}) {
      report->append(frame, 50, values);
      report->flush();
    }
  }
  if (killed) {
    spikes.append(RecordingNetwork::spikes(last, last + 500, mine));
    world.barrier();
    std::raise(SIGKILL);
  }
  spikes.close(last);
  v.close();
  g.close();
}

}  // namespace

int main(int argc, char** argv) {
  const MpiSession session(argc, argv);
  const auto world = Communicator::world();
  try {
    if (argc != 3) throw std::runtime_error("usage: sonata_files FOLDER whole|killed");
    write(world, argv[1], std::string(argv[2]) == "killed");
  } catch (const std::exception& e) {
    world.abort(e.what(), 1);
  }
}
