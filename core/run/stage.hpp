#pragma once
#include <functional>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "core/run/phase_timer.hpp"

/// A run as a list of what is done in each exchange interval, made once from what the network has.
namespace ranvier {

/// The steps from `first` to `first + steps - 1`.
struct Interval {
  Step first = 1;
  int steps = 1;

  Step end() const { return first + steps; }
};

/// Something that is done once in every interval.
struct Stage {
  const char* name;  ///< of the region in profiles
  Phase phase;       ///< that its wall time is charged to
  std::function<void(const Interval&)> act;
};

/// Something that is done at the end of certain steps, within the stage that advances the neurons.
struct StepStage {
  const char* name;
  Phase phase;
  std::function<Step(Step)> next;  ///< the first step after this one at which it is due; later than any run if never
  std::function<void(Step)> act;   ///< the state is that of the end of this step
};

/// Does the stages one after the other.
class Stages {
 public:
  /// The timer must outlive the stages.
  explicit Stages(PhaseTimer& timer) : timer_(timer) {}

  void add(Stage stage) { stages_.push_back(std::move(stage)); }
  void run(const Interval& interval) const;
  const std::vector<Stage>& list() const { return stages_; }

 private:
  PhaseTimer& timer_;
  std::vector<Stage> stages_;
};

/// A region of Kokkos' profiling interface and a phase of our own clock, for the life of the object.
class PhaseScope {
 public:
  PhaseScope(PhaseTimer& timer, Phase phase, const char* region);
  ~PhaseScope();
  PhaseScope(const PhaseScope&) = delete;
  PhaseScope& operator=(const PhaseScope&) = delete;

 private:
  PhaseTimer::Scope scope_;
};

}  // namespace ranvier
