#pragma once
#include <algorithm>
#include <memory>
#include <utility>

#include "kernels/models/inputs/flows.hpp"
#include "kernels/models/inputs/lanes_selected.hpp"
#include "kernels/populations/lanes.hpp"

/// Currents into neurons that follow a list of steps.
namespace ranvier {

/// Adds the amplitude of the step to the current of the lanes reached. The amplitude is looked up on the host.
template <class Exec, class Real, class Reach>
struct AddCurrent {
  Real* current;
  Reach reach;
  Array<Real, Exec> owner;
  std::vector<std::pair<Step, Real>> amplitudes;  ///< from this step on, ascending

  struct Lanes {
    Real* current;
    Reach reach;
    Real amplitude;
    RANVIER_INLINE void lane(const Tile&, std::size_t i, std::uint32_t, Step) const {
      current[i] += amplitude * reach.at(i);
    }
  };

  std::optional<Lanes> lanes(Step step) const {
    const auto after = std::upper_bound(amplitudes.begin(), amplitudes.end(), step,
                                        [](Step s, const auto& entry) { return s < entry.first; });
    if (after == amplitudes.begin() || std::prev(after)->second == Real(0)) return std::nullopt;
    return Lanes{current, reach, std::prev(after)->second};
  }
  std::size_t bytes() const { return owner.span() * sizeof(Real); }
};

/// A step kernel that adds the listed amplitudes: (first step, amplitude) pairs.
template <class Exec, class Real>
std::unique_ptr<StepKernel<Exec>> make_current(const std::string& label, const PopulationPlan& plan,
                                               const InputPlan& input, const Machine<Exec, Real>& machine,
                                               Real* current, std::vector<std::pair<Step, Real>> amplitudes) {
  const Selection<Exec, Real> selection(input, plan.layout.padded());
  return selection.visit([&](auto reach, const auto& owner) -> std::unique_ptr<StepKernel<Exec>> {
    using Functor = AddCurrent<Exec, Real, decltype(reach)>;
    return std::make_unique<LaneKernel<Exec, Functor>>(label, TileArray<Exec>(plan.layout), machine.slots,
                                                       Functor{current, reach, owner, amplitudes});
  });
}

template <class Exec, class Real>
struct DirectCurrent {
  static constexpr bool is_current = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "dc";
    m.doc = "Constant current";
    m.fields = {{"amplitude", unit::pA, 0.0, range::any, Role::parameter, "current", Form::constant, true}};
    add_window_fields(m);
    return m;
  }

  static std::unique_ptr<StepKernel<Exec>> make(const PopulationPlan& plan, const InputPlan& input,
                                                const Machine<Exec, Real>& machine, const Scratch<Real>& to,
                                                Attachments<Exec, Real>&) {
    return make_current(
        "ranvier::input::dc", plan, input, machine, to.J,
        {{input.start + 1, static_cast<Real>(input.parameters.at("amplitude"))}, {input.stop + 1, Real(0)}});
  }
};

template <class Exec, class Real>
struct StepCurrent {
  static constexpr bool is_current = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "step_current";
    m.doc = "Current that changes at given times and stays until the next; 0 before the first";
    m.fields = {
        {"times", unit::ms, 0.0, range::non_negative, Role::parameter, "when each amplitude begins, ascending",
         Form::times, true},
        {"amplitudes", unit::pA, 0.0, range::any, Role::parameter, "current from each time on", Form::series, true}};
    return m;
  }

  static std::unique_ptr<StepKernel<Exec>> make(const PopulationPlan& plan, const InputPlan& input,
                                                const Machine<Exec, Real>& machine, const Scratch<Real>& to,
                                                Attachments<Exec, Real>&) {
    std::vector<std::pair<Step, Real>> amplitudes;
    for (std::size_t i = 0; i < input.steps.size(); ++i)
      amplitudes.emplace_back(input.steps[i] + 1, static_cast<Real>(input.values[i]));
    return make_current("ranvier::input::step_current", plan, input, machine, to.J, std::move(amplitudes));
  }
};

}  // namespace ranvier
