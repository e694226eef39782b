#pragma once
#include <cmath>
#include <memory>

#include "kernels/models/inputs/flows.hpp"
#include "kernels/models/inputs/lanes_selected.hpp"
#include "kernels/populations/lanes.hpp"

/// Coloured noise: Ornstein-Uhlenbeck processes, one for each neuron, that start in their stationary distribution and are
/// exact on the grid (Gillespie 1996, Phys. Rev. E 54:2084). What flows in a step is the value at its start.
namespace ranvier {

template <class Real>
struct OuCurrentState {
  Real I;
  static constexpr auto fields() {
    return std::tuple{state(&OuCurrentState::I, "I", unit::pA, 0.0, "current in the next step; starts stationary")};
  }
  /// What acts.
  RANVIER_INLINE static Real acting(Real I) { return I; }
};

template <class Real>
struct OuConductanceState {
  Real g;
  static constexpr auto fields() {
    return std::tuple{state(&OuConductanceState::g, "g", unit::nS, 0.0,
                            "conductance in the next step, none where it is negative; starts stationary")};
  }
  /// A conductance is never negative, although the process can be.
  RANVIER_INLINE static Real acting(Real g) { return g > Real(0) ? g : Real(0); }
};

/// x' = mean + (x - mean) decay + spread N(0, 1)
template <class Real>
struct OuStep {
  Real mean, decay, spread;

  OuStep(const InputPlan& input, double dt)
      : mean(static_cast<Real>(input.parameters.at("mean"))),
        decay(static_cast<Real>(math::exp(-dt / input.parameters.at("tau")))),
        spread(static_cast<Real>(input.parameters.at("std") *
                                 std::sqrt(-math::expm1(-2.0 * dt / input.parameters.at("tau"))))) {}
};

template <class Exec, class Real, class State, class Flow, class Reach>
struct AddOu {
  Flow flow;
  Reach reach;
  Array<Real, Exec> owner;
  Real* x;
  OuStep<Real> process;
  Step start, stop;
  Key key;
  std::uint64_t first;  ///< index, within the population, of lane 0

  struct Lanes {
    Flow flow;
    Reach reach;
    Real* x;
    OuStep<Real> process;
    Key key;
    std::uint64_t first, draw;
    RANVIER_INLINE void lane(const Tile&, std::size_t i, std::uint32_t, Step) const {
      const Real now = x[i];
      flow.add(i, State::acting(now) * reach.at(i));
      x[i] = process.mean + (now - process.mean) * process.decay +
             process.spread * normal_draw<Real>(key, first + i, draw);
    }
  };

  /// Outside of its time the process stands still, which is to say that it starts there.
  std::optional<Lanes> lanes(Step step) const {
    if (step <= start || step > stop) return std::nullopt;
    return Lanes{flow, reach, x, process, key, first, static_cast<std::uint64_t>(step - start)};
  }
  std::size_t bytes() const { return owner.span() * sizeof(Real); }
};

/// The state is the population's, under the input's name; draw 0 of each neuron is its start.
template <class State, class Exec, class Real, class Flow>
std::unique_ptr<StepKernel<Exec>> make_ou(const PopulationPlan& plan, const InputPlan& input,
                                          const Machine<Exec, Real>& machine, Flow flow,
                                          Attachments<Exec, Real>& attachments) {
  const auto mean = static_cast<Real>(input.parameters.at("mean")), std = static_cast<Real>(input.parameters.at("std"));
  const auto stagger = static_cast<std::uint32_t>(plan.receptors.size() + 1 + attachments.keep.size());
  const auto states = std::make_shared<FieldStore<Exec, Real, State>>(
      "ranvier::input::state", plan.layout.count, plan.layout.padded(), stagger,
      [&](std::size_t i) { return State{mean + std * normal_draw<Real>(input.key, plan.layout.first + i, 0)}; });
  append_states(*states, input.name + ".", attachments.states);
  attachments.keep.push_back(states);
  const Selection<Exec, Real> selection(input, plan.layout.padded());
  return selection.visit([&](auto reach, const auto& owner) -> std::unique_ptr<StepKernel<Exec>> {
    using Functor = AddOu<Exec, Real, State, Flow, decltype(reach)>;
    const Functor functor{flow,        reach,      owner,     states->data(),   OuStep<Real>(input, machine.dt),
                          input.start, input.stop, input.key, plan.layout.first};
    return std::make_unique<LaneKernel<Exec, Functor>>("ranvier::input::" + input.type, TileArray<Exec>(plan.layout),
                                                       machine.slots, functor);
  });
}

template <class Exec, class Real>
struct OuCurrent {
  static constexpr bool is_current = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "ou_current";
    m.doc = "Ornstein-Uhlenbeck current, a process of its own for each neuron";
    m.equations = {"dI/dt = (mean - I) / tau + std sqrt(2 / tau) dW/dt, exact on the grid; starts stationary",
                   "a step gets the value at its start"};
    m.source = "Uhlenbeck & Ornstein 1930; Gillespie 1996, Phys. Rev. E 54:2084";
    m.fields = {input_number("mean", unit::pA, range::any, "mean"),
                required_number("std", unit::pA, range::non_negative, "stationary standard deviation"),
                required_number("tau", unit::ms, range::positive, "time constant of the correlation")};
    add_window_fields(m);
    append_field_infos<OuCurrentState<double>>(m.fields);
    return m;
  }

  static std::unique_ptr<StepKernel<Exec>> make(const PopulationPlan& plan, const InputPlan& input,
                                                const Machine<Exec, Real>& machine, const Scratch<Real>& to,
                                                Attachments<Exec, Real>& attachments) {
    return make_ou<OuCurrentState<Real>>(plan, input, machine, AsCurrent<Real>{to.J}, attachments);
  }
};

/// The fluctuating point conductance that stands for the synapses of a network in activity (Destexhe et al. 2001).
template <class Exec, class Real>
struct OuConductance {
  static constexpr bool is_current = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "ou_conductance";
    m.doc = "Ornstein-Uhlenbeck conductance (point conductance), a process of its own for each neuron";
    m.equations = {"I = max(g, 0) (E_rev - V_m)",
                   "dg/dt = (mean - g) / tau + std sqrt(2 / tau) dW/dt, exact on the grid; starts stationary",
                   "a step gets the value at its start; a negative g acts as 0, as in the authors' Gfluct"};
    m.source = "Destexhe, Rudolph, Fellous & Sejnowski 2001, Neuroscience 107:13";
    m.gives_conductance = true;
    m.fields = {required_number("mean", unit::nS, range::non_negative, "mean of the process"),
                required_number("std", unit::nS, range::non_negative, "stationary standard deviation"),
                required_number("tau", unit::ms, range::positive, "time constant of the correlation"),
                required_number("E_rev", unit::mV, range::any, "reversal potential")};
    add_window_fields(m);
    append_field_infos<OuConductanceState<double>>(m.fields);
    return m;
  }

  static std::unique_ptr<StepKernel<Exec>> make(const PopulationPlan& plan, const InputPlan& input,
                                                const Machine<Exec, Real>& machine, const Scratch<Real>& to,
                                                Attachments<Exec, Real>& attachments) {
    const AsConductance<Real> flow{to.G, to.J, static_cast<Real>(input.parameters.at("E_rev"))};
    return make_ou<OuConductanceState<Real>>(plan, input, machine, flow, attachments);
  }
};

}  // namespace ranvier
