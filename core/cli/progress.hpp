#pragma once
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace ranvier {

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
  using Clock = std::chrono::steady_clock;
  std::string bar(double now_ms, std::uint64_t spikes, double wall_s, double factor) const;
  std::string line(double now_ms, std::uint64_t spikes, double wall_s, double factor) const;
  double rate(double now_ms, std::uint64_t spikes) const;

  std::FILE* out_;
  bool terminal_;
  bool drawn_ = false;
  double from_ms_ = 0.0, until_ms_ = 0.0;
  std::uint64_t neurons_ = 0;
  Clock::time_point begin_{}, next_{}, recent_at_{};
  double recent_ms_ = 0.0, factor_ = 0.0;
};

/// "0.25 s", "3 min 05 s", "2 h 03 min": a duration for people.
std::string readable_duration(double seconds);

}  // namespace ranvier
