#pragma once
#include <cstdint>
#include <string>

#include "core/run/recorder.hpp"
#include "core/run/running_network.hpp"

namespace ranvier {

/// When a run saves its state, and what that has cost.
class Checkpointing {
 public:
  /// All must outlive this. The run begins at the end of step `first`.
  Checkpointing(const Config& config, const Session& session, RunningNetwork& network, const Partition& partition,
                const Communicator& comm, Step first);

  /// Collective. Puts a state that was checked (core/restart/restart.hpp) into the network as it was built.
  void restore(const checkpoint::CheckpointFile& file) { checkpoint_.restore(*network_.engine, file); }

  /// Whether a multiple of the interval between checkpoints lies behind the last one.
  bool due(Step done) const;
  /// Whether a run that ends at step `done` has to save: what ends before the config's end, and what is checkpointed at
  /// all, can go on.
  bool due_at_end(Step done) const;
  /// Collective. The state at the end of step `done`, after the recordings up to it: the checkpoint knows how far they are.
  void save(Step done, Recorder& recorder, const Provenance& where);

  int saved() const { return count_; }
  double seconds() const { return seconds_; }  ///< of wall time for all of them, on this rank
  double mean_seconds() const { return count_ > 0 ? seconds_ / count_ : 0.0; }
  std::uint64_t bytes() const { return bytes_; }     ///< of the last
  const std::string& path() const { return path_; }  ///< of the last; empty where there is none

 private:
  const Config& config_;
  RunningNetwork& network_;
  Checkpoint checkpoint_;
  Step last_;  ///< step of the last checkpoint
  int count_ = 0;
  double seconds_ = 0.0;
  std::uint64_t bytes_ = 0;
  std::string path_;
};

}  // namespace ranvier
