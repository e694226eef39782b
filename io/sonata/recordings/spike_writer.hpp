#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/base/ids.hpp"
#include "io/files/background.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/hdf5/file.hpp"
#include "io/results/provenance.hpp"
#include "io/sonata/recordings/recording_start.hpp"
#include "io/sonata/recordings/spike_batch.hpp"

namespace ranvier {

struct RecordedSpike {
  std::uint32_t population;  ///< index into the list given to the writer
  std::uint64_t node;        ///< within the population, from 0
  Step step;
};

/// Writes spikes of all ranks into one SONATA file, sorted by time, then neuron. The file is the same, to the byte of
/// its datasets, however neurons are spread over ranks and whenever it is flushed.
///
/// Spikes go through three places: what was appended, a batch that is being sorted, and a batch that is being written. The
/// latter two are the work of a thread (Background), so that the caller's only takes part in what all ranks do together.
/// Where there is one rank, that thread does it all: then no other thread may use HDF5 between write() and wait().
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
  SpikeWriter(const SpikeWriter&) = delete;
  SpikeWriter& operator=(const SpikeWriter&) = delete;
  ~SpikeWriter();

  /// Spikes of this rank's neurons in any order; 8 bytes of buffer each. Throws std::out_of_range for a population,
  /// neuron or step that cannot be.
  void append(std::span<const RecordedSpike> spikes);
  /// What append() keeps of a spike, for those that are given to write() as keys; throws as it does. Any thread may call it.
  std::uint64_t key(const RecordedSpike& spike) const {
    if (spike.population >= numbering_.populations() || spike.node >= numbering_.sizes[spike.population] ||
        spike.step < 0 || spike.step > last_step_)
      refuse(spike);
    return numbering_.key(spike.population, spike.step, spike.node);
  }
  using Keys = std::vector<std::uint64_t>;

  /// Collective. Hands on what was appended, to be written beside what the caller does next; what was handed on before is
  /// then being written, or is. Every spike appended so far is at or before every one that comes later, and `complete` is
  /// the step up to which that is all spikes. `more` appends the keys of more spikes; it is called once, by the thread.
  void write(std::optional<Step> complete = std::nullopt, std::function<void(Keys&)> more = {});
  /// Collective. Waits until the thread has done what it was given.
  void wait();
  /// Collective. As write(), and waits until all is in the file, whose `t_stop`, which readers compute rates with, becomes
  /// `complete`.
  void flush(std::optional<Step> complete = std::nullopt, std::function<void(Keys&)> more = {});
  /// Collective; flushes first.
  void close(std::optional<Step> complete = std::nullopt, std::function<void(Keys&)> more = {});

  std::uint64_t written() const;  ///< spikes of all ranks in the file, or being written to it

 private:
  struct Series {
    hdf5::Dataset times, ids, steps;
  };

  void lay_out(double t_stop_ms, const Provenance& provenance) const;
  void open_series(bool append);
  void read_tails();
  void check_order(std::span<const std::uint64_t> keys, std::optional<Step> complete) const;
  [[noreturn]] static void refuse(const RecordedSpike& spike);
  bool has_thread_for_all() const { return comm_.size() == 1; }
  void write_sorted();
  SpikeBatch lay_out_batch(const std::vector<std::uint64_t>& counts, const std::vector<std::uint64_t>& added);
  std::vector<std::uint64_t> slice_begins(const SpikeBatch& batch) const;
  void reserve(const std::vector<std::uint64_t>& added) const;
  void write_end(Step complete);
  void abandon() noexcept;

  std::string path_;
  Communicator comm_;
  std::vector<Population> populations_;
  double dt_ms_;
  Step first_step_ = 0, last_step_;
  Step complete_;  ///< all spikes up to this step have been given to write_sorted()
  SpikeKeys numbering_;
  std::vector<std::uint64_t> chunk_;     ///< elements, by population
  std::vector<std::uint64_t> written_;   ///< spikes in the file, by population
  std::vector<std::uint64_t> keys_;      ///< of the spikes appended
  bool sorting_ = false;                 ///< a batch is being sorted, or is sorted
  std::optional<Step> sorted_complete_;  ///< `complete` of that batch
  std::vector<Series> series_;
  hdf5::File file_;
  std::unique_ptr<SpikeBatchWriter> batches_;
  std::unique_ptr<Background> background_;  ///< does what `batches_` can do; ends before it
};

}  // namespace ranvier
