#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/spike.hpp"
#include "kernels/layout/layout.hpp"
#include "kernels/populations/population.hpp"
#include "kernels/projections/signals.hpp"
#include "kernels/projections/synapses.hpp"

/// The network of one rank on one device: everything that happens between two exchanges.
namespace ranvier {

class Registry;

/// A rank's network as the build hands it over, in host memory.
template <class Real>
struct RankNetwork {
  double dt = 0.1;  ///< ms
  Layout layout;
  std::vector<PopulationPlan> populations;  ///< in the order of layout.populations
  std::vector<SourceTables<HostExec, Real>> sources;
  std::vector<SignalPlan> signals;  ///< the same on all ranks
  Step longest_signal_delay = 0;
};

/// Bytes of the engine's memory by structure.
struct EngineBytes {
  std::size_t synapses = 0, rows = 0, rings = 0, state = 0, spikes = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;

  /// Advances all neurons by `steps` steps, the first of them `first`. Spikes are those of [first, first + steps).
  virtual void update(Step first, int steps) = 0;

  /// Spikes of the updates since the last call, in any order: source = local index, offset counted from the step that
  /// `interval_first` of begin_interval said. Valid until the next update.
  virtual std::span<const Spike> spikes() = 0;
  virtual void begin_interval(Step interval_first) = 0;

  /// Adds the synapses of spikes (source = slot) to the rings; offsets count from `interval_first`.
  virtual void deliver(std::span<const Spike> spikes, Step interval_first) = 0;

  /// For a network on one rank: spikes can stay where they are made. `slots`: by local neuron its source slot, the largest
  /// number where it has none. Returns for how many intervals spikes() may be put off from now on (then begin_interval is
  /// due only after it), while deliver_own() delivers those of each; 0: this engine has no use for that.
  virtual int keep_spikes(std::span<const std::uint32_t> slots) = 0;
  /// Delivers all spikes since the last call or begin_interval.
  virtual void deliver_own() = 0;

  /// Sums over this rank's neurons of what each signal sent at the end of the steps of this interval: [signal][offset from
  /// `interval_first`]. For the ranks to add up in place; valid after spikes(), until the next begin_interval().
  virtual std::span<std::int64_t> signals() = 0;
  /// Takes those sums over all ranks, for `steps` steps.
  virtual void receive_signals(int steps) = 0;
  /// Sums of the initial state, sent at time 0: between begin_interval(0) and receive_signals(1).
  virtual void sum_initial_signals() = 0;

  /// Values of a state variable of neurons of this rank's share of a population, now.
  /// `neurons` index the share. Throws std::out_of_range where there is no such variable.
  virtual void read_state(std::size_t population, const std::string& variable, std::span<const std::uint32_t> neurons,
                          double* out) = 0;

  /// Names of all states of a population, internal ones too; empty where this rank has none of its neurons.
  virtual std::vector<std::string> state_names(std::size_t population) const = 0;
  /// State number `state` of that list for all neurons of this rank's share: exact in double, whatever the precision.
  virtual void save_state(std::size_t population, std::size_t state, std::span<double> values) = 0;
  virtual void restore_state(std::size_t population, std::size_t state, std::span<const double> values) = 0;

  /// How many steps ahead sums may be on their way to receptors.
  virtual Step steps_ahead() const = 0;
  /// Those that arrive at a receptor at the ends of the steps from `first` on, no more than steps_ahead() past the last
  /// step that was updated: [step][neuron of this rank's share], in units of the ring.
  virtual void save_arrivals(std::size_t population, std::uint32_t receptor, Step first,
                             std::span<std::int64_t> sums) = 0;
  virtual void restore_arrivals(std::size_t population, std::uint32_t receptor, Step first,
                                std::span<const std::int64_t> sums) = 0;

  /// For each signal its sums over all ranks at the ends of the steps up to `step` that may still arrive, the latest last.
  virtual std::vector<std::vector<std::int64_t>> save_signals(Step step) const = 0;
  virtual void restore_signals(Step step, const std::vector<std::vector<std::int64_t>>& sums) = 0;

  struct BadState {
    std::size_t population = 0;
    std::uint32_t neuron = 0;  ///< of this rank's share
    std::string variable;
  };
  /// The first state that is not a finite number, if any.
  virtual std::optional<BadState> find_non_finite() = 0;
  /// The first step, up to the last call of spikes(), at whose end a membrane potential was no finite number. Neurons given
  /// by differential equations look at every step.
  virtual std::optional<Step> first_non_finite() const = 0;

  /// Waits until the device has done everything asked for.
  virtual void fence() = 0;

  virtual EngineBytes bytes() const = 0;
};

/// On the host's processors, or on the device that Kokkos was built for. `models` must outlive the engine.
template <class Real>
std::unique_ptr<Engine> make_host_engine(RankNetwork<Real> network, const Registry& models);
template <class Real>
std::unique_ptr<Engine> make_device_engine(RankNetwork<Real> network, const Registry& models);

}  // namespace ranvier
