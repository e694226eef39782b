#pragma once
#include "kernels/factories/neuron_factory.hpp"

/// Turns a declared model into a registry entry with kernels for both precisions, on the host and on the device.
namespace ranvier {

template <template <class> class Model>
void add_neuron(Registry& registry) {
  static_assert(OwnPortsNeuron<Model<double>> || ComposedNeuron<Model<double>> || DynamicNeuron<Model<double>>,
                "a neuron model lacks a struct or its step");
  PopulationEntry entry;
  entry.info = model_info<Model>(ModelKind::neuron);
  entry.most_spikes = [](const PopulationPlan&, double most_arrivals, double) {
    if constexpr (RepeatsArrivals<Model<double>>)
      return most_arrivals;
    else
      return 1.0;
  };
  if constexpr (DynamicNeuron<Model<double>>) {
    entry.info.integrators = integrators_with_default(Model<double>::default_integrator);
    entry.factories = {make_dynamic<HostExec, double, Model>, make_dynamic<HostExec, float, Model>,
                       make_dynamic<DeviceExec, double, Model>, make_dynamic<DeviceExec, float, Model>};
  } else if constexpr (OwnPortsNeuron<Model<double>>)
    entry.factories = {make_own_ports<HostExec, double, Model>, make_own_ports<HostExec, float, Model>,
                       make_own_ports<DeviceExec, double, Model>, make_own_ports<DeviceExec, float, Model>};
  else
    entry.factories = {make_composed<HostExec, double, Model>, make_composed<HostExec, float, Model>,
                       make_composed<DeviceExec, double, Model>, make_composed<DeviceExec, float, Model>};
  registry.add(std::move(entry));
}

template <template <class> class Model>
void add_receptor(Registry& registry) {
  static_assert(Receptor<Model<double>>, "a receptor model lacks a struct or its step");
  ModelInfo info = model_info<Model>(ModelKind::receptor);
  info.needs_voltage = NeedsVoltage<Model<double>>;
  info.takes_signal = TakesSignal<Model<double>>;
  registry.add(ReceptorEntry{std::move(info),
                             {make_receptor<HostExec, double, Model>, make_receptor<HostExec, float, Model>,
                              make_receptor<DeviceExec, double, Model>, make_receptor<DeviceExec, float, Model>}});
}

/// A source of spikes: a class template over the space and precision with `info()`, `make(plan, machine)` and
/// `most_spikes(plan, dt)`.
template <template <class, class> class Source>
void add_source(Registry& registry) {
  ModelInfo info = Source<HostExec, double>::info();
  info.kind = ModelKind::source;
  const auto most_spikes = [](const PopulationPlan& plan, double, double dt) {
    return Source<HostExec, double>::most_spikes(plan, dt);
  };
  registry.add(PopulationEntry{std::move(info),
                               most_spikes,
                               {Source<HostExec, double>::make, Source<HostExec, float>::make,
                                Source<DeviceExec, double>::make, Source<DeviceExec, float>::make}});
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
  entry.factories = {Input<HostExec, double>::make, Input<HostExec, float>::make, Input<DeviceExec, double>::make,
                     Input<DeviceExec, float>::make};
  registry.add(std::move(entry));
}

/// A model of synapses: a class template over the space and precision with `info()` and `make(plan, machine)`.
template <template <class, class> class Synapse>
void add_synapse(Registry& registry) {
  ModelInfo info = Synapse<HostExec, double>::info();
  info.kind = ModelKind::synapse;
  registry.add(SynapseEntry{std::move(info),
                            {Synapse<HostExec, double>::make, Synapse<HostExec, float>::make,
                             Synapse<DeviceExec, double>::make, Synapse<DeviceExec, float>::make}});
}

}  // namespace ranvier
