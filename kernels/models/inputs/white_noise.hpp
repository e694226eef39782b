#pragma once
#include <cmath>

#include "kernels/models/inputs/gaussian_noise.hpp"

/// White noise: what a step of any length gets has the variance of the integral over it, so that statistics do not depend
/// on dt.
namespace ranvier {

/// sigma sqrt(tau) dW/dt averaged over a step: a Gaussian of standard deviation sigma sqrt(tau / dt).
template <class Real>
GaussianSteps<Real> white_steps(const InputPlan& input, double dt) {
  const double sigma = input.parameters.at("sigma"), tau = input.parameters.at("tau");
  return {static_cast<Real>(input.parameters.at("mean")), static_cast<Real>(sigma * std::sqrt(tau / dt)), 1};
}

inline FieldInfo white_tau() {
  return {"tau",           unit::ms,        1.0,
          range::positive, Role::parameter, "time over which the mean of the noise has the standard deviation sigma",
          Form::constant};
}

template <class Exec, class Real>
struct WhiteNoise {
  static constexpr bool is_current = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "white_noise";
    m.doc = "White current, a process of its own for each neuron; its statistics do not depend on dt";
    m.equations = {"I = mean + sigma sqrt(tau) dW/dt; in a step of length dt: mean + sigma sqrt(tau / dt) N(0, 1)",
                   "with tau = 1 ms, sigma is the intensity in pA sqrt(ms)"};
    m.source = "Brunel 2000, eq. 4";
    m.fields = {input_number("mean", unit::pA, range::any, "mean"),
                required_number("sigma", unit::pA, range::non_negative, "strength of the noise"), white_tau()};
    add_window_fields(m);
    return m;
  }

  static std::unique_ptr<StepKernel<Exec>> make(const PopulationPlan& plan, const InputPlan& input,
                                                const Machine<Exec, Real>& machine, const Scratch<Real>& to,
                                                Attachments<Exec, Real>&) {
    return make_noise(plan, input, machine, AsCurrent<Real>{to.J}, white_steps<Real>(input, machine.dt));
  }
};

template <class Exec, class Real>
struct WhiteConductance {
  static constexpr bool is_current = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "white_conductance";
    m.doc = "White conductance, a process of its own for each neuron; its statistics do not depend on dt";
    m.equations = {"I = g (E_rev - V_m), g = mean + sigma sqrt(tau) dW/dt; in a step of length dt:",
                   "g = mean + sigma sqrt(tau / dt) N(0, 1), which may be negative",
                   "multiplies V_m: Ito's solution with euler_maruyama, Stratonovich's with every other method"};
    m.source = "Richardson 2004, Phys. Rev. E 69:051918 (diffusion limit of conductances)";
    m.gives_conductance = true;
    m.fields = {input_number("mean", unit::nS, range::any, "mean"),
                required_number("sigma", unit::nS, range::non_negative, "strength of the noise"), white_tau(),
                required_number("E_rev", unit::mV, range::any, "reversal potential")};
    add_window_fields(m);
    return m;
  }

  static std::unique_ptr<StepKernel<Exec>> make(const PopulationPlan& plan, const InputPlan& input,
                                                const Machine<Exec, Real>& machine, const Scratch<Real>& to,
                                                Attachments<Exec, Real>&) {
    const AsConductance<Real> flow{to.G, to.J, static_cast<Real>(input.parameters.at("E_rev"))};
    return make_noise(plan, input, machine, flow, white_steps<Real>(input, machine.dt));
  }
};

}  // namespace ranvier
