#pragma once
#include <algorithm>

#include "kernels/model/dynamics.hpp"
#include "kernels/models/receptors/delta.hpp"
#include "kernels/models/receptors/exponential.hpp"
#include "kernels/populations/neuron_kernel.hpp"
#include "kernels/registry/registry.hpp"
#include "kernels/signals/signal_history.hpp"

/// Puts a population together: storage, receptors, inputs, and the update kernel that fits them.
namespace ranvier {

template <class Exec, class Real>
Array<Real, Exec> zeros(const std::string& label, std::uint32_t padded) {
  return Array<Real, Exec>(label, padded);  // Kokkos initialises to zero
}

template <class Exec, class Real>
Arrivals<Real> arrivals_at(const Machine<Exec, Real>& machine, const PopulationPlan& plan, std::uint32_t receptor) {
  return {machine.ring.data(), static_cast<Real>(plan.receptors[receptor].inverse_scale), receptor};
}

/// Inputs of the config as step kernels; those that flow into the membrane add to `to`, whose arrays are null where nothing does.
template <class Exec, class Real>
void attach_inputs(const PopulationPlan& plan, const Machine<Exec, Real>& machine, const Scratch<Real>& to,
                   Attachments<Exec, Real>& attachments) {
  for (const InputPlan& input : plan.inputs)
    attachments.kernels.push_back(
        machine.models->input(input.type).template factory<Exec, Real>()(plan, input, machine, to, attachments));
}

inline bool has_current_inputs(const PopulationPlan& plan, const Registry& models) {
  for (const InputPlan& input : plan.inputs)
    if (models.input(input.type).is_current) return true;
  return false;
}

/// What the step of a model with settings takes besides its constants.
template <class Settings>
Settings settings_of([[maybe_unused]] const PopulationPlan& plan) {
  Settings settings{};
  if constexpr (requires { settings.tolerance; })
    settings.tolerance = static_cast<decltype(settings.tolerance)>(plan.tolerance);
  return settings;
}

/// Which kernels a model is compiled into: one with uniform constants and one with arrays of them, or the latter alone.
enum class ConstantKinds { both, arrays };

/// The array of the membrane potential; null where the model has none of this name.
template <class Exec, class Real, class State>
const Real* membrane_potential(const FieldStore<Exec, Real, State>& states) {
  const Real* V_m = nullptr;
  for_each_field<State>([&](std::size_t k, const auto& f) {
    if (std::string_view(f.name) == "V_m") V_m = states.data() + k * states.stride();
  });
  return V_m;
}

/// Builds the update kernel for a drive source.
template <class Exec, class Real, template <class> class Model, ConstantKinds Kinds = ConstantKinds::both, class Source>
std::unique_ptr<Population<Exec, Real>> make_neurons(const PopulationPlan& plan, const Machine<Exec, Real>& machine,
                                                     const Source& source, Attachments<Exec, Real> attachments,
                                                     FieldStore<Exec, Real, typename Model<Real>::State> states) {
  const ConstantStore<Exec, Real, Model> constants(plan, plan.parameters, machine.dt, Kinds == ConstantKinds::arrays);
  const auto make = [&](auto reader) -> std::unique_ptr<Population<Exec, Real>> {
    using Update = UpdateNeuron<Real, Model, Source, decltype(reader)>;
    const Update update{source, reader, states.data(), states.stride(), settings_of<SettingsOf<Model<Real>>>(plan)};
    return std::make_unique<NeuronKernel<Exec, Real, Model, Update>>(plan, machine, update, states, constants,
                                                                     std::move(attachments));
  };
  if constexpr (Kinds == ConstantKinds::arrays)
    return make(constants.arrays());
  else
    return constants.visit(make);
}

/// Neurons with ports of their own.
template <class Exec, class Real, template <class> class Model>
std::unique_ptr<Population<Exec, Real>> make_own_ports(const PopulationPlan& plan, const Machine<Exec, Real>& machine) {
  constexpr int ports = Model<Real>::ports;
  Attachments<Exec, Real> attachments;
  const auto make = [&]<bool HasCurrent>(std::bool_constant<HasCurrent>) {
    PortSource<Real, ports, HasCurrent> source{};
    for (int r = 0; r < ports; ++r) source.ports[r] = arrivals_at(machine, plan, static_cast<std::uint32_t>(r));
    if constexpr (HasCurrent) {
      attachments.scratch.push_back(zeros<Exec, Real>("ranvier::current", plan.layout.padded()));
      source.current = attachments.scratch.back().data();
    }
    attach_inputs(plan, machine, {nullptr, source.current, nullptr, nullptr}, attachments);
    return make_neurons<Exec, Real, Model>(plan, machine, source, std::move(attachments),
                                           initial_states<Exec, Real, Model>(plan, 0, plan.parameters, ""));
  };
  return has_current_inputs(plan, *machine.models) ? make(std::true_type{}) : make(std::false_type{});
}

/// Inputs that are conductances act beside any receptors, as conductances among others do.
inline Conductance conductance_of(const PopulationPlan& plan, const Registry& models) {
  for (const InputPlan& input : plan.inputs)
    if (models.input(input.type).info.gives_conductance) return Conductance::some;
  const auto count = std::count_if(plan.receptors.begin(), plan.receptors.end(),
                                   [](const ReceptorPlan& r) { return r.parameters.contains("E_rev"); });
  if (count == 0) return Conductance::none;
  return static_cast<std::size_t>(count) == plan.receptors.size() ? Conductance::all : Conductance::some;
}

/// K receptors of one model with uniform parameters: evaluated in the membrane's own loop.
template <class Exec, class Real, template <class> class Model, template <class> class ReceptorModel, int K,
          Conductance Kind>
std::unique_ptr<Population<Exec, Real>> make_stack(const PopulationPlan& plan, const Machine<Exec, Real>& machine) {
  Attachments<Exec, Real> attachments;
  const auto make = [&]<bool HasCurrent>(std::bool_constant<HasCurrent>) {
    using R = ReceptorModel<Real>;
    StackSource<Real, ReceptorModel, K, Kind, HasCurrent> source{};
    for (int k = 0; k < K; ++k) {
      const ReceptorPlan& receptor = plan.receptors[static_cast<std::size_t>(k)];
      source.ports[k] = arrivals_at(machine, plan, static_cast<std::uint32_t>(k));
      source.constants[k] = R::derive(parameters_of<typename R::Parameters>(receptor.parameters, 0), machine.dt);
      if constexpr (field_count < typename R::State >> 0) {
        const auto store = initial_states<Exec, Real, ReceptorModel>(plan, static_cast<std::uint32_t>(k) + 1,
                                                                     receptor.parameters, receptor.name + ".");
        append_states(store, receptor.name + ".", attachments.states);
        source.states[k] = store.data();
        source.stride = store.stride();
      }
    }
    if constexpr (HasCurrent) {
      attachments.scratch.push_back(zeros<Exec, Real>("ranvier::current", plan.layout.padded()));
      source.current = attachments.scratch.back().data();
    }
    attach_inputs(plan, machine, {nullptr, source.current, nullptr, nullptr}, attachments);
    return make_neurons<Exec, Real, Model>(plan, machine, source, std::move(attachments),
                                           initial_states<Exec, Real, Model>(plan, 0, plan.parameters, ""));
  };
  return has_current_inputs(plan, *machine.models) ? make(std::true_type{}) : make(std::false_type{});
}

/// Receptors of any models, evaluated one after the other before the membrane.
template <class Exec, class Real, template <class> class Model, Conductance Kind,
          ConstantKinds Kinds = ConstantKinds::both>
std::unique_ptr<Population<Exec, Real>> make_mixed(const PopulationPlan& plan, const Machine<Exec, Real>& machine) {
  Attachments<Exec, Real> attachments;
  for (const char* label : {"ranvier::G", "ranvier::J", "ranvier::jump"})
    attachments.scratch.push_back(zeros<Exec, Real>(label, plan.layout.padded()));
  const auto states = initial_states<Exec, Real, Model>(plan, 0, plan.parameters, "");
  const Scratch<Real> to{attachments.scratch[0].data(), attachments.scratch[1].data(), attachments.scratch[2].data(),
                         membrane_potential(states)};
  const ScratchSource<Real, Kind> source{to};
  attach_inputs(plan, machine, to, attachments);
  for (std::uint32_t r = 0; r < plan.receptors.size(); ++r)
    machine.models->receptor(plan.receptors[r].model).template factory<Exec, Real>()(plan, r, machine, to, attachments);
  return make_neurons<Exec, Real, Model, Kinds>(plan, machine, source, std::move(attachments), states);
}

/// A stack of receptors that is worth a fused kernel: K of one model, conductances or not.
template <template <class> class ReceptorModel, int K, Conductance Kind>
struct Stack {
  static bool fits(const PopulationPlan& plan, const Registry& models) {
    using Parameters = typename ReceptorModel<double>::Parameters;
    static const std::string model = ReceptorModel<double>::info().name;
    bool fits = plan.receptors.size() == K && conductance_of(plan, models) == Kind;
    for (const ReceptorPlan& r : plan.receptors)
      fits = fits && r.model == model && all_uniform<Parameters>(r.parameters);
    return fits;
  }
  template <class Exec, class Real, template <class> class Model>
  static std::unique_ptr<Population<Exec, Real>> make(const PopulationPlan& plan, const Machine<Exec, Real>& machine) {
    return make_stack<Exec, Real, Model, ReceptorModel, K, Kind>(plan, machine);
  }
};

/// The combinations that published networks use most. Any other combination gives the same numbers, a little slower.
using FusedStacks = std::tuple<Stack<Exponential, 1, Conductance::all>, Stack<Exponential, 2, Conductance::all>,
                               Stack<Exponential, 2, Conductance::none>, Stack<Delta, 1, Conductance::none>>;

/// Neurons whose receptors the config lists; Stacks are those with a kernel of their own.
template <class Exec, class Real, template <class> class Model, class Stacks = FusedStacks>
std::unique_ptr<Population<Exec, Real>> make_composed(const PopulationPlan& plan, const Machine<Exec, Real>& machine) {
  std::unique_ptr<Population<Exec, Real>> made;
  std::apply(
      [&](auto... stack) {
        ((made == nullptr && stack.fits(plan, *machine.models)
              ? void(made = stack.template make<Exec, Real, Model>(plan, machine))
              : void()),
         ...);
      },
      Stacks{});
  if (made != nullptr) return made;
  return conductance_of(plan, *machine.models) == Conductance::none
             ? make_mixed<Exec, Real, Model, Conductance::none>(plan, machine)
             : make_mixed<Exec, Real, Model, Conductance::some>(plan, machine);
}

/// The work of a neuron given by differential equations is in its membrane: few stacks are worth a kernel of their own,
/// and none but with the default method and, for neurons with gates, exponential Euler, which is twice as fast. Other
/// methods have one kernel each, to keep the build short.
using DynamicStacks = std::tuple<Stack<Exponential, 2, Conductance::all>>;

/// Neurons with the method of integration that the config chose.
template <class Exec, class Real, template <class> class Model>
std::unique_ptr<Population<Exec, Real>> make_dynamic(const PopulationPlan& plan, const Machine<Exec, Real>& machine) {
  constexpr Integrator usual = Model<Real>::default_integrator;
  const auto with = [&]<template <class> class Method, Integrator method>() {
    using Neurons = Integrated<Model, Method>;
    if constexpr (method == usual || (method == Integrator::exponential_euler && OnlyDecays<Model<Real>>))
      return make_composed<Exec, Real, Neurons::template Neuron, DynamicStacks>(plan, machine);
    else
      return make_mixed<Exec, Real, Neurons::template Neuron, Conductance::some, ConstantKinds::arrays>(plan, machine);
  };
  switch (integrator_named(plan.integrator)) {
    case Integrator::exact:
      if constexpr (usual == Integrator::exact) return with.template operator()<Exact, Integrator::exact>();
      break;
    case Integrator::exponential_euler:
      return with.template operator()<ExponentialEuler, Integrator::exponential_euler>();
    case Integrator::exponential_midpoint:
      if constexpr (OnlyDecays<Model<Real>>)
        return with.template operator()<ExponentialMidpoint, Integrator::exponential_midpoint>();
      break;
    case Integrator::euler: return with.template operator()<Euler, Integrator::euler>();
    case Integrator::rk2: return with.template operator()<Rk2, Integrator::rk2>();
    case Integrator::heun: return with.template operator()<Heun, Integrator::heun>();
    case Integrator::rk4: return with.template operator()<Rk4, Integrator::rk4>();
    case Integrator::rkf45: return with.template operator()<Rkf45, Integrator::rkf45>();
  }
  return nullptr;
}

/// Adds one receptor of a mixed population to what acts before the membrane.
template <class Exec, class Real, template <class> class Model>
void make_receptor(const PopulationPlan& plan, std::uint32_t index, const Machine<Exec, Real>& machine,
                   const Scratch<Real>& to, Attachments<Exec, Real>& attachments) {
  const ReceptorPlan& receptor = plan.receptors[index];
  const auto states = initial_states<Exec, Real, Model>(plan, index + 1, receptor.parameters, receptor.name + ".");
  auto constants = std::make_shared<ConstantStore<Exec, Real, Model>>(plan, receptor.parameters, machine.dt);
  append_states(states, receptor.name + ".", attachments.states);
  const auto attach = [&]<class Functor>(const Functor& functor) {
    attachments.kernels.push_back(std::make_unique<LaneKernel<Exec, Functor>>(
        "ranvier::receptor::" + receptor.name, TileArray<Exec>(plan.layout), machine.slots, functor));
  };
  constants->visit([&](auto reader) {
    if constexpr (TakesSignal<Model<Real>>) {
      using Lanes = AddReceptor<Real, Model, decltype(reader), Broadcast<Real>>;
      const Lanes lanes{Broadcast<Real>{}, reader, states.data(), states.stride(), to};
      attach(ReceiveSignals<Lanes>{lanes, machine.signals, receptor.signals});
    } else {
      using Lanes = AddReceptor<Real, Model, decltype(reader), Arrivals<Real>>;
      const Lanes lanes{arrivals_at(machine, plan, index), reader, states.data(), states.stride(), to};
      attach(EveryStep<Lanes>{lanes});
    }
  });
  attachments.keep.push_back(constants);
  attachments.keep.push_back(std::make_shared<FieldStore<Exec, Real, typename Model<Real>::State>>(states));
}

}  // namespace ranvier
