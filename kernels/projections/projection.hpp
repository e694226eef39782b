#pragma once
#include <map>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "core/base/spike_list.hpp"
#include "kernels/populations/population.hpp"
#include "kernels/projections/synapses.hpp"

/// A projection on a rank: as the build hands it over (plain host data), and as it runs.
namespace ranvier {

/// Projections whose synapses have one model and the same parameters, as one object. It is made by the registry from this.
template <class Real>
struct ProjectionPlan {
  std::string synapse;                       ///< model
  std::map<std::string, double> parameters;  ///< of the model, those that the config gives
  std::vector<SourceTables<Real>> sources;   ///< one for each source population of these projections
};

/// Bytes of a projection's memory: synapses with their states, and what finds them.
struct ProjectionBytes {
  std::size_t synapses = 0, rows = 0;
};

/// When a projection has to act beside delivering spikes.
struct Rhythm {
  int steps = 0;                ///< before the membranes of every so many steps; 0: never
  bool after_interval = false;  ///< after the steps of each exchange interval, told the spikes of this rank's neurons
};

/// Spikes that reach this rank, in host memory, with those of each source population together; source = slot.
struct SpikesBySource {
  std::span<const Spike> spikes;
  std::span<const std::size_t> begin;  ///< of source population s: spikes[begin[s]] to spikes[begin[s + 1] - 1]

  std::span<const Spike> of(std::size_t source) const {
    return spikes.subspan(begin[source], begin[source + 1] - begin[source]);
  }
};

/// Spikes that reach this rank, in the memory of a space.
template <class Exec>
using ArrivingSpikes = std::conditional_t<is_host<Exec>, SpikesBySource, SpikeList>;

template <class Exec, class Real>
class Projection {
 public:
  virtual ~Projection() = default;
  /// Adds what the spikes bring to the delay rings. Their offsets count from step `first`. Only integers are added, so that
  /// neither the order of spikes nor that of projections shows in a sum.
  virtual void deliver(const ArrivingSpikes<Exec>& spikes, Step first) = 0;
  /// Before the membranes go from step - 1 to `step`; called where the rhythm asks for it.
  virtual void before_step(Step /*step*/) {}
  /// After the steps [first, first + steps), before their spikes are delivered; called where the rhythm asks for it. `spikes` are
  /// those of this rank's neurons: source = local index, offset from `first`.
  virtual void after_interval(const SpikeList& /*spikes*/, Step /*first*/, int /*steps*/) {}
  virtual Rhythm rhythm() const { return {}; }
  /// What changes in the synapses.
  virtual std::vector<StateArray<Exec, Real>> states() const { return {}; }
  virtual ProjectionBytes bytes() const = 0;
};

}  // namespace ranvier
