#pragma once
#include "kernels/factories/space_factories.hpp"

/// Adds a declared model's kernels for the device, in both precisions, to the entry that register.hpp made on the host.
namespace ranvier {

using DeviceExec = Kokkos::Cuda;

template <template <class> class Model>
void add_neuron_on_device(Registry& registry) {
  set_neuron<DeviceExec, Model>(registry.population_factories(Model<double>::info().name));
}

template <template <class> class Model>
void add_receptor_on_device(Registry& registry) {
  set_receptor<DeviceExec, Model>(registry.receptor_factories(Model<double>::info().name));
}

template <template <class, class> class Source>
void add_source_on_device(Registry& registry) {
  set_part<DeviceExec, Source>(registry.population_factories(Source<DeviceExec, double>::info().name));
}

template <template <class, class> class Input>
void add_input_on_device(Registry& registry) {
  set_part<DeviceExec, Input>(registry.input_factories(Input<DeviceExec, double>::info().name));
}

template <template <class, class> class Synapse>
void add_synapse_on_device(Registry& registry) {
  set_part<DeviceExec, Synapse>(registry.synapse_factories(Synapse<DeviceExec, double>::info().name));
}

}  // namespace ranvier
