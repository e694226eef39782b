#pragma once
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/populations/lanes.hpp"
#include "kernels/random/random.hpp"

/// One population's share of a rank: as the build hands it over (plain host data), and as it runs.
namespace ranvier {

/// A parameter or initial value of the neurons of this rank: one for all, or one each.
struct Column {
  std::vector<double> values;
  bool uniform() const { return values.size() == 1; }
  double at(std::size_t i) const { return uniform() ? values.front() : values[i]; }
};

using Columns = std::map<std::string, Column>;

struct ReceptorPlan {
  std::string name, model;
  Columns parameters;               ///< those that the config gives
  double inverse_scale = 1.0;       ///< one unit of the ring's integers in units of the weight
  std::vector<SignalTerm> signals;  ///< what arrives where it takes signals
};

/// An input onto this population. Steps are those at whose end it acts (spikes) or during which it flows (currents).
struct InputPlan {
  std::string type;
  std::string name;  ///< of its states: the config's, or its key
  std::uint32_t receptor = 0;
  std::map<std::string, double> parameters;
  std::vector<Step> steps;             ///< spikes: arrival; step_current: first step of each amplitude
  std::vector<double> values;          ///< step_current: amplitudes
  std::vector<std::uint8_t> selected;  ///< per neuron of this rank; empty: all
  Step start = 0, stop = 0;            ///< acts in steps start + 1 to stop
  std::int64_t weight = 0;             ///< in units of the ring, for inputs that arrive at receptors
  Key key{};                           ///< of its draws
};

struct PopulationPlan {
  std::string model;
  std::string integrator;  ///< of models that have a choice
  double tolerance = 0.0;  ///< of rkf45
  PopulationLayout layout;
  Columns parameters;
  Columns initial;                      ///< `V_m`, or `receptor.variable`
  std::vector<ReceptorPlan> receptors;  ///< own ports have a name and a scale only
  std::vector<InputPlan> inputs;
  std::vector<std::vector<Step>> spike_steps;  ///< spike_times: ascending, one list per neuron of this rank
  Key source_key{};                            ///< poisson: of its draws
};

/// The largest number of equal entries of an ascending list: spikes that fall into one step.
inline double most_in_one_step(const std::vector<Step>& steps) {
  std::size_t most = 0, run = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    run = i > 0 && steps[i] == steps[i - 1] ? run + 1 : 1;
    most = std::max(most, run);
  }
  return static_cast<double>(most);
}

/// A state variable of all neurons of a population on this rank, in the memory of the space.
template <class Exec, class Real>
struct StateArray {
  std::string name;
  Array<Real, Exec> values;  ///< padded lanes
};

template <class Exec, class Real>
class Population {
 public:
  virtual ~Population() = default;
  /// What can be done for many steps before any neuron is updated: on a device, inputs that add to the ring.
  virtual void prepare(Step, int /*steps*/) {}
  /// Advances by `steps` steps, the first of them `first`; spikes go to the buffer with offsets from `interval_first`.
  virtual void update(Step first, int steps, Step interval_first) = 0;
  /// Updates another population's neurons with its own from now on, if it can; the other's update then does nothing.
  virtual bool take(Population&) { return false; }
  /// All state variables, internal ones included, under the names of the config (`V_m`, `ampa.g`).
  virtual std::vector<StateArray<Exec, Real>> states() const = 0;
  virtual std::size_t bytes() const = 0;
  /// From now on `kernel` looks at the state at the end of each step.
  virtual void observe(std::unique_ptr<StepKernel<Exec>>) { throw std::logic_error("a source has no states"); }
};

template <class Exec, class Real>
using PopulationFactory = std::unique_ptr<Population<Exec, Real>> (*)(const PopulationPlan&,
                                                                      const Machine<Exec, Real>&);

}  // namespace ranvier
