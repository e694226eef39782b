#pragma once
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

#include "core/catalogue/catalogue.hpp"
#include "kernels/populations/drive.hpp"
#include "kernels/populations/neuron_kernel.hpp"

/// The models of this build by name. It is open: whoever holds the registry can add to it, and the engine knows models
/// only through it.
namespace ranvier {

/// One factory for each execution space and precision.
template <template <class, class> class Factory>
struct Factories {
  Factory<HostExec, double> host_double = nullptr;
  Factory<HostExec, float> host_single = nullptr;
  Factory<DeviceExec, double> device_double = nullptr;
  Factory<DeviceExec, float> device_single = nullptr;

  template <class Exec, class Real>
  Factory<Exec, Real> get() const {
    if constexpr (std::is_same_v<Exec, HostExec> && std::is_same_v<Real, double>)
      return host_double;
    else if constexpr (std::is_same_v<Exec, HostExec>)
      return host_single;
    else if constexpr (std::is_same_v<Real, double>)
      return device_double;
    else
      return device_single;
  }
};

template <class Exec, class Real>
using ReceptorFactory = void (*)(const PopulationPlan&, std::uint32_t receptor, const Machine<Exec, Real>&,
                                 const Scratch<Real>&, Attachments<Exec, Real>&);

/// Currents and conductances add to arrays over the lanes (that of conductances is null for neurons that take none); spikes go
/// to the ring. An input with a state attaches it.
template <class Exec, class Real>
using InputFactory = std::unique_ptr<StepKernel<Exec>> (*)(const PopulationPlan&, const InputPlan&,
                                                           const Machine<Exec, Real>&, const Scratch<Real>&,
                                                           Attachments<Exec, Real>&);

template <class Exec, class Real>
class Projection;
template <class Real>
struct ProjectionPlan;

/// Takes the plan's synapses over.
template <class Exec, class Real>
using ProjectionFactory = std::unique_ptr<Projection<Exec, Real>> (*)(ProjectionPlan<Real>, const Machine<Exec, Real>&);

/// A population of neurons or a source.
struct PopulationEntry {
  ModelInfo info;
  /// The most spikes that one neuron of this rank can emit in one step, given the most that can arrive at one.
  std::function<double(const PopulationPlan&, double most_arrivals, double dt)> most_spikes;
  Factories<PopulationFactory> factories;
  template <class Exec, class Real>
  auto factory() const {
    return factories.get<Exec, Real>();
  }
};

struct ReceptorEntry {
  ModelInfo info;
  Factories<ReceptorFactory> factories;
  template <class Exec, class Real>
  auto factory() const {
    return factories.get<Exec, Real>();
  }
};

struct InputEntry {
  ModelInfo info;
  bool is_current = false;  ///< flows into the membrane: a current or a conductance
  /// The most spikes that one neuron can receive in one step; inputs that are not currents.
  std::function<double(const InputPlan&, double dt)> max_count;
  Factories<InputFactory> factories;
  template <class Exec, class Real>
  auto factory() const {
    return factories.get<Exec, Real>();
  }
};

/// A model of synapses: what a projection does with the spikes that reach it.
struct SynapseEntry {
  ModelInfo info;
  Factories<ProjectionFactory> factories;
  template <class Exec, class Real>
  auto factory() const {
    return factories.get<Exec, Real>();
  }
};

class Registry {
 public:
  /// Throw std::logic_error where there is such a model already.
  void add(PopulationEntry entry);
  void add(ReceptorEntry entry);
  void add(InputEntry entry);
  void add(SynapseEntry entry);

  /// Throw std::out_of_range where there is no such model: configs are checked against the catalogue first.
  const PopulationEntry& population(const std::string& name) const { return populations_.at(name); }
  const ReceptorEntry& receptor(const std::string& name) const { return receptors_.at(name); }
  const InputEntry& input(const std::string& name) const { return inputs_.at(name); }
  const SynapseEntry& synapse(const std::string& name) const { return synapses_.at(name); }

  /// All models as plain data, in the order in which they were added.
  const Catalogue& catalogue() const { return catalogue_; }

 private:
  Catalogue catalogue_;
  std::map<std::string, PopulationEntry> populations_;
  std::map<std::string, ReceptorEntry> receptors_;
  std::map<std::string, InputEntry> inputs_;
  std::map<std::string, SynapseEntry> synapses_;
};

}  // namespace ranvier
