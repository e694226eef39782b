#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "core/base/error.hpp"
#include "core/catalogue/catalogue.hpp"
#include "kernels/populations/drive.hpp"
#include "kernels/populations/neuron_kernel.hpp"

/// The models of this build by name. It is open: whoever holds the registry can add to it, and the engine knows models
/// only through it.
namespace ranvier {

/// The factories of a model, one for each execution space and precision. Their types name the space, so they are kept
/// without them: who calls a factory of a space is compiled for that space, who keeps it need not be. Those of the host
/// come with the model; those of a device come later, from the files that are compiled for it.
template <template <class, class> class Factory>
class Factories {
 public:
  template <class Exec>
  void set(Factory<Exec, double> in_double, Factory<Exec, float> in_single) {
    kept_[is_host<Exec>][0] = cast<Kept>(in_double);
    kept_[is_host<Exec>][1] = cast<Kept>(in_single);
  }

  /// Null where the model has no code for such a space.
  template <class Exec, class Real>
  Factory<Exec, Real> get() const {
    return cast<Factory<Exec, Real>>(kept_[is_host<Exec>][std::is_same_v<Real, float>]);
  }

 private:
  using Kept = void (*)();
  /// A function of its own, since nvcc 13 refuses the cast where it does not know the types yet.
  template <class To, class From>
  static To cast(From function) {
    return reinterpret_cast<To>(function);
  }
  Kept kept_[2][2] = {};  ///< [a device's, the host's][double, single]
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

/// What every kind of model has in the registry.
template <template <class, class> class Factory>
struct ModelEntry {
  ModelInfo info;
  Factories<Factory> factories;

  /// A RuntimeError where the model has no code for this space.
  template <class Exec, class Real>
  Factory<Exec, Real> factory() const {
    const auto made = factories.template get<Exec, Real>();
    if (made == nullptr) throw RuntimeError("model '" + info.name + "' does not run on this device; use --device cpu");
    return made;
  }
};

/// A population of neurons or a source.
struct PopulationEntry : ModelEntry<PopulationFactory> {
  /// The most spikes that one neuron of this rank can emit in one step, given the most that can arrive at one.
  std::function<double(const PopulationPlan&, double most_arrivals, double dt)> most_spikes;
};

struct ReceptorEntry : ModelEntry<ReceptorFactory> {};

struct InputEntry : ModelEntry<InputFactory> {
  bool is_current = false;  ///< flows into the membrane: a current or a conductance
  /// The most spikes that one neuron can receive in one step; inputs that are not currents.
  std::function<double(const InputPlan&, double dt)> max_count;
};

/// A model of synapses: what a projection does with the spikes that reach it.
struct SynapseEntry : ModelEntry<ProjectionFactory> {};

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

  /// To add what a model brings for another space.
  Factories<PopulationFactory>& population_factories(const std::string& name) {
    return populations_.at(name).factories;
  }
  Factories<ReceptorFactory>& receptor_factories(const std::string& name) { return receptors_.at(name).factories; }
  Factories<InputFactory>& input_factories(const std::string& name) { return inputs_.at(name).factories; }
  Factories<ProjectionFactory>& synapse_factories(const std::string& name) { return synapses_.at(name).factories; }

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
