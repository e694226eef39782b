#pragma once
#include "kernels/factories/space_factories.hpp"

/// Turns a declared model into a registry entry with kernels for both precisions on the host. What it brings for a device
/// is added by kernels/device/register.hpp.
namespace ranvier {

template <template <class> class Model>
void add_neuron(Registry& registry) {
  PopulationEntry entry;
  entry.info = model_info<Model>(ModelKind::neuron);
  if constexpr (DynamicNeuron<Model<double>>)
    entry.info.integrators = integrators_with_default(Model<double>::default_integrator, OnlyDecays<Model<double>>);
  entry.most_spikes = [](const PopulationPlan&, double most_arrivals, double) {
    if constexpr (RepeatsArrivals<Model<double>>)
      return most_arrivals;
    else
      return 1.0;
  };
  set_neuron<HostExec, Model>(entry.factories);
  registry.add(std::move(entry));
}

template <template <class> class Model>
void add_receptor(Registry& registry) {
  ReceptorEntry entry;
  entry.info = model_info<Model>(ModelKind::receptor);
  entry.info.needs_voltage = NeedsVoltage<Model<double>>;
  entry.info.takes_signal = TakesSignal<Model<double>>;
  set_receptor<HostExec, Model>(entry.factories);
  registry.add(std::move(entry));
}

/// A source of spikes: a class template over the space and precision with `info()`, `make(plan, machine)` and
/// `most_spikes(plan, dt)`.
template <template <class, class> class Source>
void add_source(Registry& registry) {
  PopulationEntry entry;
  entry.info = Source<HostExec, double>::info();
  entry.info.kind = ModelKind::source;
  entry.most_spikes = [](const PopulationPlan& plan, double, double dt) {
    return Source<HostExec, double>::most_spikes(plan, dt);
  };
  set_part<HostExec, Source>(entry.factories);
  registry.add(std::move(entry));
}

/// An input: a class template over the space and precision with `info()`, `make(plan, input, machine, to, attachments)`,
/// `is_current`, and `max_count(input, dt)` where it is not a current.
template <template <class, class> class Input>
void add_input(Registry& registry) {
  InputEntry entry;
  entry.info = Input<HostExec, double>::info();
  entry.info.kind = ModelKind::input;
  entry.is_current = Input<HostExec, double>::is_current;
  if constexpr (!Input<HostExec, double>::is_current) entry.max_count = Input<HostExec, double>::max_count;
  set_part<HostExec, Input>(entry.factories);
  registry.add(std::move(entry));
}

/// A model of synapses: a class template over the space and precision with `info()` and `make(plan, machine)`.
template <template <class, class> class Synapse>
void add_synapse(Registry& registry) {
  SynapseEntry entry;
  entry.info = Synapse<HostExec, double>::info();
  entry.info.kind = ModelKind::synapse;
  set_part<HostExec, Synapse>(entry.factories);
  registry.add(std::move(entry));
}

}  // namespace ranvier
