#pragma once
#include "kernels/models/inputs/gaussian_noise.hpp"

namespace ranvier {

template <class Exec, class Real>
struct NoiseCurrent {
  static constexpr bool is_current = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "noise_current";
    m.doc = "Gaussian current, piecewise constant, a process of its own for each neuron";
    m.equations = {"I = mean + std N(0, 1), drawn anew every dt"};
    m.fields = {input_number("mean", unit::pA, range::any, "mean"),
                required_number("std", unit::pA, range::non_negative, "standard deviation"),
                input_number("dt", unit::ms, range::non_negative,
                             "time for which a value is held, a whole number of steps; 0: one step")};
    add_window_fields(m);
    return m;
  }

  static std::unique_ptr<StepKernel<Exec>> make(const PopulationPlan& plan, const InputPlan& input,
                                                const Machine<Exec, Real>& machine, const Scratch<Real>& to,
                                                Attachments<Exec, Real>&) {
    const double hold = input.parameters.at("dt") / machine.dt;
    return make_noise(plan, input, machine, AsCurrent<Real>{to.J},
                      GaussianSteps<Real>{static_cast<Real>(input.parameters.at("mean")),
                                          static_cast<Real>(input.parameters.at("std")),
                                          hold < 1.0 ? 1 : static_cast<Step>(hold + 0.5)});
  }
};

}  // namespace ranvier
