#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/base/ids.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/hdf5/file.hpp"
#include "io/results/provenance.hpp"
#include "io/sonata/base/grid_time.hpp"
#include "io/sonata/recordings/recording_start.hpp"

namespace ranvier {

struct RecordedSpike {
  std::uint32_t population;  ///< index into the list given to the writer
  std::uint64_t node;        ///< within the population, from 0
  Step step;
};

/// Writes spikes of all ranks into one SONATA file, sorted by time, then neuron. The file is the same, to the byte of
/// its datasets, however neurons are spread over ranks and whenever it is flushed.
///
/// Between two flushes the file on disk is what the last flush left, also when the process is killed. An error is the
/// same RuntimeError on all ranks, with the reason of the system; after it the writer can only be destroyed. Destroying
/// it without close() forgets the file as it is, since closing is collective and others may be gone.
class SpikeWriter {
 public:
  struct Population {
    std::string name;
    std::uint64_t size;
  };

  /// Collective; replaces `path`, or goes on with it. Steps run up to t_stop_ms / dt_ms.
  SpikeWriter(std::string path, const Communicator& comm, std::vector<Population> populations, double dt_ms,
              double t_stop_ms, const Provenance& provenance, RecordingStart start = {});
  SpikeWriter(SpikeWriter&&) = default;
  ~SpikeWriter();

  /// Spikes of this rank's neurons in any order; 8 bytes of buffer each. Throws std::out_of_range for a population,
  /// neuron or step that cannot be.
  void append(std::span<const RecordedSpike> spikes);
  /// Collective. Every spike appended so far is at or before every one that comes later. `complete` is the step up to
  /// which the file now holds all spikes: it becomes the `t_stop` that readers compute rates with.
  void flush(std::optional<Step> complete = std::nullopt);
  /// Collective; flushes first.
  void close(std::optional<Step> complete = std::nullopt);

  std::uint64_t buffered_bytes() const { return keys_.size() * sizeof(std::uint64_t); }
  std::uint64_t written() const;  ///< spikes of all ranks in the file

 private:
  struct Series {
    hdf5::Dataset times, ids, steps;
  };

  void lay_out(double t_stop_ms, const Provenance& provenance) const;
  void open_series(bool append);
  void check_order(std::size_t p, std::span<const std::uint64_t> keys, std::optional<Step> complete) const;
  void reserve(const std::vector<std::uint64_t>& added) const;
  void write_population(std::size_t p, std::span<const std::uint64_t> keys, std::uint64_t offset, std::uint64_t added);
  void write_end(Step complete);
  void abandon() noexcept;

  std::string path_;
  Communicator comm_;
  std::vector<Population> populations_;
  GridTime time_;
  Step first_step_ = 0, last_step_;
  Step complete_;                         ///< the file holds all spikes up to this step
  std::vector<std::uint64_t> first_key_;  ///< by population, and one past the last
  std::vector<std::uint64_t> chunk_;      ///< elements, by population
  std::vector<std::uint64_t> written_;    ///< spikes in the file, by population
  /// first_key_ + step * size + node: one number per spike that sorts as the file does.
  std::vector<std::uint64_t> keys_;
  std::vector<Series> series_;
  hdf5::File file_;
};

}  // namespace ranvier
