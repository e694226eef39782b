#pragma once
#include <algorithm>

#include "kernels/models/inputs/flows.hpp"
#include "kernels/models/inputs/lanes_selected.hpp"
#include "kernels/populations/lanes.hpp"

namespace ranvier {

/// Adds the weight, times the number of listed spikes in the step, to one receptor of the lanes reached.
template <class Exec, class Real, class Reach>
struct AddSpikes {
  static constexpr bool adds_to_ring_only = true;
  using Sum = Accumulator<Real>;
  Sum* ring;
  std::uint32_t receptor;
  Reach reach;
  Array<Sum, Exec> owner;
  Sum weight;
  std::vector<Step> steps;  ///< of arrival, ascending

  struct Lanes {
    Sum* ring;
    std::uint32_t receptor;
    Reach reach;
    Sum weight;
    RANVIER_INLINE void lane(const Tile& t, std::size_t i, std::uint32_t slot, Step) const {
      ring[t.port_at(slot, receptor, i)] += weight * reach.at(i);
    }
  };

  std::optional<Lanes> lanes(Step step) const {
    const auto [first, last] = std::equal_range(steps.begin(), steps.end(), step);
    if (first == last) return std::nullopt;
    return Lanes{ring, receptor, reach, weight * static_cast<Sum>(last - first)};
  }
  std::size_t bytes() const { return owner.span() * sizeof(Sum); }
};

template <class Exec, class Real>
struct SpikeInput {
  static constexpr bool is_current = false;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "spikes";
    m.doc = "Spikes at given times to every neuron";
    m.fields = {{"times", unit::ms, 0.0, range::positive, Role::parameter, "times of arrival, rounded to the grid",
                 Form::times, true},
                {"weight", unit::one, 1.0, range::any, Role::parameter, "in the unit of the receptor", Form::constant}};
    return m;
  }

  static double max_count(const InputPlan& input, double) { return most_in_one_step(input.steps); }

  static std::unique_ptr<StepKernel<Exec>> make(const PopulationPlan& plan, const InputPlan& input,
                                                const Machine<Exec, Real>& machine, const Scratch<Real>&,
                                                Attachments<Exec, Real>&) {
    using Sum = Accumulator<Real>;
    const Selection<Exec, Sum> selection(input, plan.layout.padded());
    return selection.visit([&](auto reach, const auto& owner) -> std::unique_ptr<StepKernel<Exec>> {
      using Functor = AddSpikes<Exec, Real, decltype(reach)>;
      return std::make_unique<LaneKernel<Exec, Functor>>(
          "ranvier::input::spikes", TileArray<Exec>(plan.layout), machine.slots,
          Functor{machine.ring.data(), input.receptor, reach, owner, static_cast<Sum>(input.weight), input.steps});
    });
  }
};

}  // namespace ranvier
