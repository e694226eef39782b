#pragma once
#include "kernels/models/inputs/flows.hpp"
#include "kernels/models/inputs/lanes_selected.hpp"
#include "kernels/populations/lanes.hpp"

namespace ranvier {

/// Values mean + std N(0, 1) of a Gaussian input, each held for `hold` steps.
template <class Real>
struct GaussianSteps {
  Real mean, std;
  Step hold = 1;
};

/// Adds them, drawn for each neuron, as a current or a conductance.
template <class Exec, class Real, class Flow, class Reach>
struct AddNoise {
  Flow flow;
  Reach reach;
  Array<Real, Exec> owner;
  GaussianSteps<Real> values;
  Step start, stop;
  Key key;
  std::uint64_t first;  ///< index, within the population, of lane 0

  struct Lanes {
    Flow flow;
    Reach reach;
    Real mean, std;
    Key key;
    std::uint64_t first, draw;
    RANVIER_INLINE void lane(const Tile&, std::size_t i, std::uint32_t, Step) const {
      flow.add(i, (mean + std * normal_draw<Real>(key, first + i, draw)) * reach.at(i));
    }
  };

  std::optional<Lanes> lanes(Step step) const {
    if (step <= start || step > stop) return std::nullopt;
    const auto draw = static_cast<std::uint64_t>((step - start - 1) / values.hold);
    return Lanes{flow, reach, values.mean, values.std, key, first, draw};
  }
  std::size_t bytes() const { return owner.span() * sizeof(Real); }
};

template <class Exec, class Real, class Flow>
std::unique_ptr<StepKernel<Exec>> make_noise(const PopulationPlan& plan, const InputPlan& input,
                                             const Machine<Exec, Real>& machine, Flow flow,
                                             GaussianSteps<Real> values) {
  const Selection<Exec, Real> selection(input, plan.layout.padded());
  return selection.visit([&](auto reach, const auto& owner) -> std::unique_ptr<StepKernel<Exec>> {
    using Functor = AddNoise<Exec, Real, Flow, decltype(reach)>;
    const Functor functor{flow, reach, owner, values, input.start, input.stop, input.key, plan.layout.first};
    return std::make_unique<LaneKernel<Exec, Functor>>("ranvier::input::" + input.type, TileArray<Exec>(plan.layout),
                                                       machine.slots, functor);
  });
}

}  // namespace ranvier
