#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "io/config/config.hpp"
#include "io/provenance.hpp"
#include "io/sonata/report_writer.hpp"
#include "io/sonata/spike_writer.hpp"
#include "kernels/engine.hpp"

namespace ranvier {

/// Writes what the config asks for: spikes of some populations, variables of some neurons at regular steps.
/// All members are collective but the ones that take spikes and samples.
class Recorder {
 public:
  /// Opens the files in `folder`. `layout` must outlive the recorder. Step `last` is the end of the run.
  Recorder(const Config& config, const Layout& layout, const std::string& folder, Step last, const Communicator& comm,
           const Provenance& provenance);
  ~Recorder();

  /// Spikes of the interval that began at step `first` (source = local index, offset from `first`).
  void spikes(std::span<const Spike> spikes, Step first);

  /// The next step after `step` at which a trace is due; a large number where there is none.
  Step next_sample(Step step) const;
  /// The state is that of `step`: takes the traces that are due.
  void sample(Engine& engine, Step step);

  /// Everything up to `step` to the disk.
  void flush(Step step);
  void close(Step step);
  std::uint64_t buffered_bytes() const;

 private:
  struct Trace {
    std::size_t population;
    std::string variable;
    Step every;
    std::vector<std::uint32_t> neurons;  ///< of this rank's share
    std::vector<double> values;          ///< of one frame
    std::uint64_t frames = 0;
    std::unique_ptr<ReportWriter> writer;
  };

  void open_traces(const Config& config, const std::string& folder, Step last, const Provenance& provenance);
  std::string unit_of(const Config& config, std::size_t population, const std::string& variable) const;

  const Layout& layout_;
  const Communicator& comm_;
  std::vector<std::uint32_t> recorded_;  ///< by population: index in the spike file, or none
  std::unique_ptr<SpikeWriter> spike_writer_;
  std::vector<RecordedSpike> batch_;
  std::vector<Trace> traces_;
};

}  // namespace ranvier
