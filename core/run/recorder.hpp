#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/base/ranges.hpp"
#include "core/build/node_selections.hpp"
#include "core/run/recording_limits.hpp"
#include "io/checkpoint/file_image.hpp"
#include "io/network/config.hpp"
#include "io/results/provenance.hpp"
#include "io/sonata/recordings/report_writer.hpp"
#include "io/sonata/recordings/spike_writer.hpp"
#include "kernels/engine/engine.hpp"
#include "kernels/registry/registry.hpp"

namespace ranvier {

/// Bytes that the recordings of a config take on a rank, of so many, at most: buffers, and what goes from there to files.
std::uint64_t recording_memory(const Config& config, int ranks);

/// Writes what the config asks for: spikes of some populations, variables of some neurons at regular steps.
/// All members are collective but the ones that take spikes and samples.
class Recorder {
 public:
  /// Opens the files in the config's output folder. `models`, `layout` and `nodes` must outlive the recorder. Steps `first` to `last` are those of
  /// the run. `images` are the recordings of the checkpoint that it goes on from (they count on rank 0): those that are
  /// recorded now too, and are in the folder, are made what they were then and grow on; others begin anew at `first`.
  Recorder(const Config& config, const Registry& models, const Layout& layout, const NodeSelections& nodes, Step first,
           Step last, const Communicator& comm, const Provenance& provenance,
           const std::vector<checkpoint::FileImage>& images);
  ~Recorder();

  /// Spikes of the interval that began at step `first` (source = local index, offset from `first`).
  void spikes(std::span<const Spike> spikes, Step first);

  /// The next step after `step` at which a trace is due; a large number where there is none.
  Step next_sample(Step step) const;
  /// The state is that of `step`: takes the traces that are due.
  void sample(NetworkState& network, Step step);

  /// Spikes of this rank that have not been handed on to be written.
  std::uint64_t buffered_spikes() const { return emitted_.spikes; }
  /// Has them written beside the simulation. Until wait(), or another call that writes, no other thread may use HDF5.
  void write_spikes();
  void wait();
  /// Whether the traces up to `step` fill their buffers on some rank; the same on all ranks.
  bool traces_are_due(Step step) const { return step >= next_traces_; }
  void write_traces(Step step);

  /// Everything up to `step` to the disk.
  void flush(Step step);
  void close(Step step);
  /// After a flush: what a checkpoint needs for the recordings to go on. On rank 0 only; empty elsewhere.
  std::vector<checkpoint::FileImage> images();

 private:
  struct Trace {
    std::size_t population;
    std::string variable;
    Step every;
    std::vector<std::uint32_t> neurons;  ///< of this rank's share
    std::vector<double> values;          ///< of one frame
    Step next;                           ///< step of the next frame
    std::unique_ptr<ReportWriter> writer;
  };

  /// A file of this run, for images of it.
  struct Recording {
    std::string name, what;
    checkpoint::FileImager imager;
  };

  /// Spikes as the engine gives them, interval by interval.
  struct Emitted {
    struct Interval {
      Step first;
      std::size_t end;  ///< of its records
    };
    std::vector<Spike> records;
    std::vector<Interval> intervals;
    std::uint64_t spikes = 0;  ///< of the records
  };
  /// Takes what is buffered, for the writer's thread to number.
  std::function<void(SpikeWriter::Keys&)> take_spikes();
  void number(const Emitted& emitted, SpikeWriter::Keys& keys) const;

  bool go_on(const std::string& name, const std::string& what);
  void open_spikes(const Config& config, const Provenance& provenance);
  void open_traces(const Config& config, const Provenance& provenance);
  std::string unit_of(const Config& config, std::size_t population, const std::string& variable) const;

  const Registry& models_;
  const Layout& layout_;
  const NodeSelections& nodes_;
  const Communicator& comm_;
  std::string folder_, run_id_;
  Step first_, last_;
  const std::vector<checkpoint::FileImage>& images_;  ///< while the files are opened
  std::vector<Recording> recordings_;
  std::vector<std::uint32_t> recorded_;  ///< by population: index in the spike file, or none
  bool all_recorded_ = false;            ///< of all populations
  Ranges population_of_;                 ///< of this rank's neurons
  std::vector<std::vector<std::uint64_t>>
      ids_;  ///< by population: nodes of this rank's neurons, where they have others
             ///< than their numbers and are recorded
  std::unique_ptr<SpikeWriter> spike_writer_;
  Emitted emitted_;
  Step traces_every_ = 1, next_traces_;
  std::vector<Trace> traces_;
};

}  // namespace ranvier
