#pragma once
#include "kernels/inputs/currents.hpp"
#include "kernels/math.hpp"

namespace ranvier {

/// Adds mean + std N(0, 1), drawn for each neuron and held for `hold` steps.
template <class Exec, class Real, class Reach>
struct AddNoise {
  Real* current;
  Reach reach;
  Array<Real, Exec> owner;
  Real mean, std;
  Step start, stop, hold;
  Key key;
  std::uint64_t first;  ///< index, within the population, of lane 0

  struct Lanes {
    Real* current;
    Reach reach;
    Real mean, std;
    Key key;
    std::uint64_t first, draw;
    RANVIER_INLINE void lane(const Tile&, std::size_t i, std::uint32_t, Step) const {
      // A block of four words serves two draws.
      const Words words = philox(key, first + i, draw / 2);
      const bool odd = (draw & 1) != 0;
      const Real u = uniform<Real>(odd ? words.w[2] : words.w[0], odd ? words.w[3] : words.w[1]);
      current[i] += (mean + std * math::normal_quantile(u)) * reach.at(i);
    }
  };

  std::optional<Lanes> lanes(Step step) const {
    if (step <= start || step > stop) return std::nullopt;
    return Lanes{current, reach, mean, std, key, first, static_cast<std::uint64_t>((step - start - 1) / hold)};
  }
  std::size_t bytes() const { return owner.span() * sizeof(Real); }
};

template <class Exec, class Real>
struct NoiseCurrent {
  static constexpr bool is_current = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "noise_current";
    m.doc = "Gaussian current, piecewise constant, a process of its own for each neuron";
    m.fields = {
        {"mean", unit::pA, 0.0, range::any, Role::parameter, "mean", Form::constant},
        {"std", unit::pA, 0.0, range::non_negative, Role::parameter, "standard deviation", Form::constant, true},
        {"dt", unit::ms, 0.0, range::non_negative, Role::parameter,
         "time for which a value is held, a whole number of steps; 0: one step", Form::constant}};
    add_window_fields(m);
    return m;
  }

  static std::unique_ptr<StepKernel<Exec>> make(const PopulationPlan& plan, const InputPlan& input,
                                                const Machine<Exec, Real>& machine, Real* current) {
    const Selection<Exec, Real> selection(input, plan.layout.padded());
    const double hold = input.parameters.at("dt") / machine.dt;
    const Step steps = hold < 1.0 ? 1 : static_cast<Step>(hold + 0.5);
    return selection.visit([&](auto reach, const auto& owner) -> std::unique_ptr<StepKernel<Exec>> {
      using Functor = AddNoise<Exec, Real, decltype(reach)>;
      const Functor functor{current,
                            reach,
                            owner,
                            static_cast<Real>(input.parameters.at("mean")),
                            static_cast<Real>(input.parameters.at("std")),
                            input.start,
                            input.stop,
                            steps,
                            input.key,
                            plan.layout.first};
      return std::make_unique<LaneKernel<Exec, Functor>>("ranvier::input::noise_current", TileArray<Exec>(plan.layout),
                                                         machine.slots, functor);
    });
  }
};

}  // namespace ranvier
