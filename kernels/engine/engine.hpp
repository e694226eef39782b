#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/spike_list.hpp"
#include "kernels/engine/network.hpp"

/// The network of one rank on one device: everything that happens between two exchanges. It shows a small interface to each
/// of those who use it.
namespace ranvier {

class Registry;

/// What the run loop asks for, interval by interval.
class Dynamics {
 public:
  virtual ~Dynamics() = default;

  /// Forgets the spikes emitted so far; the steps of those to come count from `first`.
  virtual void begin_spikes(Step first) = 0;
  /// How many intervals may follow each other between two calls of begin_spikes().
  virtual int most_intervals() const = 0;
  /// Advances all neurons by `steps` steps, the first of them `first`.
  virtual void update(Step first, int steps) = 0;
  /// Whether projections act after the steps of an interval; then end_interval() is due after the last update of each.
  virtual bool acts_after_interval() const = 0;
  virtual void end_interval(Step first, int steps) = 0;

  /// Where spikes are made: lists in that memory cost no copy.
  virtual MemorySpace spike_space() const = 0;
  /// Spikes in any order; source = local index, offset from the step that begin_spikes() said. In host memory: all since
  /// begin_spikes(), after waiting for the device. On the device: those since the last such call, which whoever takes them
  /// marks as taken (SpikeList::next). Valid until the next update.
  virtual SpikeList emitted(MemorySpace where) = 0;
  /// Adds what spikes (source = slot) bring to the delay rings. Offsets count from `first`.
  virtual void deliver(const SpikeList& spikes, Step first) = 0;

  /// Waits until the device has done everything asked for.
  virtual void fence() = 0;
};

/// Signals: states that populations send at every step.
class ContinuousCoupling {
 public:
  virtual ~ContinuousCoupling() = default;

  virtual void begin_signals() = 0;
  /// Sums of the initial state, sent at time 0: an interval of one step, step 0.
  virtual void sum_initial_signals() = 0;
  /// Sums over this rank's neurons of what each signal sent at the end of the steps since begin_signals(), the first of
  /// which was `first`: [signal][offset from `first`]. For the ranks to add up in place.
  virtual std::span<std::int64_t> signals(Step first) = 0;
  /// Takes those sums over all ranks, for `steps` steps.
  virtual void receive_signals(Step first, int steps) = 0;
};

/// What neurons, receptors and rings hold, for recordings and checkpoints.
class NetworkState {
 public:
  virtual ~NetworkState() = default;

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

  /// Models of synapses whose states these calls do not reach; such a network cannot be saved.
  virtual std::vector<std::string> unsaved_synapses() const = 0;
};

/// Looks for states that are infinite or NaN.
class FiniteCheck {
 public:
  virtual ~FiniteCheck() = default;

  struct BadState {
    std::size_t population = 0;
    std::uint32_t neuron = 0;  ///< of this rank's share
    std::string variable;
  };
  /// The first state that is infinite or NaN now, if any.
  virtual std::optional<BadState> find_non_finite() = 0;
  /// The first step, up to the last call of emitted() for host memory, at whose end a membrane potential was infinite or NaN.
  /// Neurons given by differential equations look at every step.
  virtual std::optional<Step> first_non_finite() const = 0;
};

/// Bytes of the engine's memory by structure.
struct EngineBytes {
  std::size_t synapses = 0, rows = 0, rings = 0, state = 0;
  std::size_t emitted = 0;   ///< room for all spikes of an interval
  std::size_t arriving = 0;  ///< spikes on their way into the rings; grows with the activity
};

class Engine : public Dynamics, public ContinuousCoupling, public NetworkState, public FiniteCheck {
 public:
  virtual EngineBytes bytes() const = 0;
};

/// The execution space of host engines in words, such as "OpenMP".
std::string host_backend();
/// Whether this process can make device engines (kernels/device/device.hpp has opened a device), and their execution space.
bool has_device_backend();
std::string device_backend();

/// On the host's processors, or on the device that Kokkos was built for. `models` must outlive the engine.
template <class Real>
std::unique_ptr<Engine> make_host_engine(RankNetwork<Real> network, const Registry& models);
template <class Real>
std::unique_ptr<Engine> make_device_engine(RankNetwork<Real> network, const Registry& models);

}  // namespace ranvier
