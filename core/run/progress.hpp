#pragma once
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include "core/base/clock.hpp"

namespace ranvier {

/// Where a run is.
struct ProgressState {
  double now_ms = 0.0, from_ms = 0.0, until_ms = 0.0;  ///< biological time
  double wall_s = 0.0;                                 ///< since the begin of the run
  double factor = 0.0;                                 ///< real-time factor of late
  double rate_hz = 0.0;                                ///< mean over the neurons and the run so far
};
/// For a terminal; no end of line.
std::string progress_bar(const ProgressState& state);
/// For a log; no end of line.
std::string progress_line(const ProgressState& state);

/// Tells on one terminal or log how far a run is. To be made on rank 0 only.
/// A terminal gets a bar that is redrawn in place; a file or pipe gets a line every 10 s.
class Progress {
 public:
  /// `terminal`: whether `out` can redraw a line; by default asked of the system.
  explicit Progress(std::FILE* out = stdout);
  Progress(std::FILE* out, bool terminal);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// The run goes from `from_ms` to `until_ms` of biological time with `neurons` neurons.
  void begin(double from_ms, double until_ms, std::uint64_t neurons);
  /// Called often; writes when it is time to. `spikes`: of all ranks since begin().
  void update(double now_ms, std::uint64_t spikes);
  /// Clears the bar; nothing where there was none.
  void end();

 private:
  double rate(double now_ms, std::uint64_t spikes) const;

  std::FILE* out_;
  bool terminal_;
  bool drawn_ = false;
  double from_ms_ = 0.0, until_ms_ = 0.0;
  std::uint64_t neurons_ = 0;
  Clock::time_point begin_{}, next_{}, recent_at_{};
  double recent_ms_ = 0.0, factor_ = 0.0;
};

}  // namespace ranvier
