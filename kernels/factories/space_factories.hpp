#pragma once
#include "kernels/factories/neuron_factory.hpp"

/// The factories of a declared model for one execution space, in both precisions.
namespace ranvier {

template <class Exec, template <class> class Model>
void set_neuron(Factories<PopulationFactory>& factories) {
  static_assert(OwnPortsNeuron<Model<double>> || ComposedNeuron<Model<double>> || DynamicNeuron<Model<double>>,
                "a neuron model lacks a struct or its step");
  if constexpr (DynamicNeuron<Model<double>>)
    factories.set<Exec>(make_dynamic<Exec, double, Model>, make_dynamic<Exec, float, Model>);
  else if constexpr (OwnPortsNeuron<Model<double>>)
    factories.set<Exec>(make_own_ports<Exec, double, Model>, make_own_ports<Exec, float, Model>);
  else
    factories.set<Exec>(make_composed<Exec, double, Model>, make_composed<Exec, float, Model>);
}

template <class Exec, template <class> class Model>
void set_receptor(Factories<ReceptorFactory>& factories) {
  static_assert(Receptor<Model<double>>, "a receptor model lacks a struct or its step");
  factories.set<Exec>(make_receptor<Exec, double, Model>, make_receptor<Exec, float, Model>);
}

/// Sources, inputs and synapses: class templates over the space and precision with a function `make`.
template <class Exec, template <class, class> class Part, template <class, class> class Factory>
void set_part(Factories<Factory>& factories) {
  factories.template set<Exec>(Part<Exec, double>::make, Part<Exec, float>::make);
}

}  // namespace ranvier
