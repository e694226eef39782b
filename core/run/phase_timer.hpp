#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "core/base/clock.hpp"

/// Where the wall time of a run goes. One clock read (about 20 ns) per change of phase.
namespace ranvier {

enum class Phase : std::size_t {
  update,    ///< states, receptors, inputs, thresholds
  deliver,   ///< spikes into the rings of their targets
  exchange,  ///< packing, sending and unpacking spikes
  wait,      ///< for spikes of other ranks
  output,    ///< recordings and checkpoints
  other      ///< the loop itself, control, progress
};
inline constexpr std::size_t phase_count = 6;

constexpr std::string_view phase_name(Phase phase) {
  constexpr std::array<std::string_view, phase_count> names{"update",        "deliver", "exchange",
                                                            "exchange wait", "output",  "other"};
  return names[static_cast<std::size_t>(phase)];
}

/// Seconds by phase; index with `static_cast<std::size_t>(phase)`.
using PhaseSeconds = std::array<double, phase_count>;

/// Charges the time between two calls to the phase that was current. Every instant between start() and stop() belongs
/// to exactly one phase, so the phases add up to the whole.
class PhaseTimer {
 public:
  /// Restores the phase that was current when it was made.
  class Scope {
   public:
    Scope(PhaseTimer& timer, Phase phase) : timer_(timer), outer_(timer.enter(phase)) {}
    ~Scope() { timer_.enter(outer_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    PhaseTimer& timer_;
    Phase outer_;
  };

  /// Begins to count, in Phase::other.
  void start() {
    current_ = Phase::other;
    since_ = Clock::now();
    running_ = true;
  }

  /// Charges what is due and stops counting; start() goes on with the sums kept.
  void stop() {
    charge();
    running_ = false;
  }

  /// Makes `phase` current; returns the phase that was. Before start() it only notes the phase.
  Phase enter(Phase phase) {
    charge();
    const Phase outer = current_;
    current_ = phase;
    return outer;
  }

  /// Moves time from one phase to another, for what is known only afterwards (waiting inside an exchange).
  void move(Phase from, Phase to, double seconds) {
    seconds_[static_cast<std::size_t>(from)] -= seconds;
    seconds_[static_cast<std::size_t>(to)] += seconds;
  }

  [[nodiscard]] Scope scope(Phase phase) { return Scope(*this, phase); }
  const PhaseSeconds& seconds() const { return seconds_; }
  double seconds(Phase phase) const { return seconds_[static_cast<std::size_t>(phase)]; }
  double total() const {
    double sum = 0.0;
    for (const double s : seconds_) sum += s;
    return sum;
  }

 private:
  void charge() {
    if (!running_) return;
    const auto now = Clock::now();
    seconds_[static_cast<std::size_t>(current_)] += in_seconds(now - since_);
    since_ = now;
  }

  PhaseSeconds seconds_{};
  Clock::time_point since_{};
  Phase current_ = Phase::other;
  bool running_ = false;
};

}  // namespace ranvier
