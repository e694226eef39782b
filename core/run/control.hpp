#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "comm/mpi/communicator.hpp"
#include "core/base/clock.hpp"
#include "core/run/recording_limits.hpp"

namespace ranvier {

class Progress;

/// From construction to destruction SIGUSR1, SIGUSR2, SIGTERM and SIGINT set a flag instead of killing. A second SIGINT
/// kills. One at a time per process.
class SignalGuard {
 public:
  SignalGuard();
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

  /// The last signal received, 0 for none.
  static int received();
};

enum class StopReason { none, signal, walltime };

/// What the run loop asks at the end of every exchange interval: go on, flush, or stop? The answer is the same on all
/// ranks. They agree by one small reduction about every 0.1 s of wall time; in between the question costs a decrement.
class RunControl {
 public:
  struct Verdict {
    bool stop = false;        ///< a signal came, or 99 % of the wall time is used
    bool write = false;       ///< some rank has so many spikes to be written as it may keep
    bool flush = false;       ///< outputs are due to reach the disk
    bool checkpoint = false;  ///< a checkpoint is due by wall time
  };
  struct Options {
    double max_walltime_s = 0.0;                         ///< from the construction of the control; 0: no limit
    double flush_every_s = 10.0;                         ///< wall time
    std::uint64_t most_buffered = most_buffered_spikes;  ///< spikes that a rank may keep
    Progress* progress = nullptr;                        ///< rank 0 only; may be null
  };

  /// `comm` must outlive the control.
  RunControl(const Communicator& comm, Options options);
  explicit RunControl(const Communicator& comm) : RunControl(comm, Options{}) {}

  /// Before the first interval. `neurons`: of the whole network, for the rate.
  void begin(double from_ms, double until_ms, std::uint64_t neurons);
  /// Asks for checkpoints by wall time; 0: for none.
  void checkpoint_every(double seconds) { checkpoint_every_s_ = seconds; }
  /// How long the checkpoint at the end will take, as far as is known: that much earlier the wall time ends the run.
  void leave_time_for(double seconds) { time_to_save_ = seconds; }
  /// After every interval, on all ranks equally often. `spikes`: of this rank since begin(). `buffered`: those that it keeps
  /// to be written.
  Verdict after_interval(double now_ms, std::uint64_t spikes, std::uint64_t buffered = 0) {
    if (--until_check_ > 0) return {};
    return check(now_ms, spikes, buffered);
  }
  /// After the last interval.
  void end();

  StopReason reason() const { return reason_; }
  /// "signal 10 (User defined signal 1)", "99 % of the wall time is used"; empty where not stopped.
  std::string reason_text() const;

 private:
  Verdict check(double now_ms, std::uint64_t spikes, std::uint64_t buffered);

  const Communicator& comm_;
  Options options_;
  Clock::time_point made_, last_check_, last_flush_, last_checkpoint_;
  std::int64_t until_check_ = 1, distance_ = 1;
  double checkpoint_every_s_ = 0.0, time_to_save_ = 0.0;
  StopReason reason_ = StopReason::none;
  int signal_ = 0;
};

}  // namespace ranvier
