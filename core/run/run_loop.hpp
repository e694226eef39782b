#pragma once
#include <vector>

#include "core/run/finite_states.hpp"
#include "core/run/recorder.hpp"
#include "core/run/running_network.hpp"
#include "core/run/spike_counter.hpp"
#include "core/run/stage.hpp"

namespace ranvier {

/// Advances a network, one exchange interval after the other.
///
/// Its stages follow from where the exchange takes spikes. In host memory, the spikes of an interval are fetched, sent,
/// recorded, and what stays on this rank is delivered while the rest travels. On the device, spikes stay where they are made:
/// the stages of interval after interval are queued, the host waits for nothing, and spikes are fetched for recording
/// when the device's buffer has no room for those of another interval. The wall time of phases is then that of queueing, and
/// waiting is part of whichever phase meets a full queue.
class RunLoop {
 public:
  /// All must outlive the loop. Collective.
  RunLoop(RunningNetwork& network, Recorder& recorder, const FiniteStates& finite, const Communicator& comm,
          PhaseTimer& timer);

  /// What the initial state sends arrives a delay later, as what every step sends. Once, where a run begins at time 0.
  void send_initial_signals();
  void run(const Interval& interval) const { stages_.run(interval); }
  /// Records the spikes that the device has kept so far.
  void collect();

  const SpikeCounter& spikes() const { return counter_; }
  const Stages& stages() const { return stages_; }

 private:
  void add_update();
  void add_exchange_in_host_memory();
  void add_exchange_on_device();
  void add_signals();
  void add_remote_delivery();
  void update(const Interval& interval);
  void record(std::span<const Spike> spikes);
  void sum_signals(const Interval& interval);

  RunningNetwork& network_;
  Engine& engine_;
  SpikeExchange& exchange_;
  Recorder& recorder_;
  const FiniteStates& finite_;
  const Communicator& comm_;
  PhaseTimer& timer_;
  SpikeCounter counter_;
  std::vector<StepStage> step_stages_;
  Stages stages_;
  int keep_ = 1;           ///< intervals whose spikes may be kept
  int kept_ = 0;           ///< intervals whose spikes have not been recorded
  Step spikes_first_ = 1;  ///< step that the offsets of those count from
  SpikeList emitted_, remote_;
};

}  // namespace ranvier
