#pragma once
#include "tests/unit/io/config/small_catalogue.hpp"

/// The small catalogue and one model for each further trait that the config reader asks about: integrators, gates with
/// ranges, densities, signals, receptors that count spikes, inputs with states. The catalogue of the kernels has no other
/// traits, and would take minutes to compile.
namespace ranvier::fuzz {

inline FieldInfo gate(const std::string& name) {
  return {name, unit::one, 0.0, range::probability, Role::state, "the gate " + name, Form::quantity, false};
}

inline ModelInfo gated() {
  ModelInfo m = test::named("gated", ModelKind::neuron,
                            {test::parameter("C_m", unit::uF_per_cm2, 1.0, range::positive),
                             test::parameter("E_L", unit::mV, -65.0), test::state("V_m", unit::mV, -65.0), gate("m")});
  m.receptors = ReceptorPolicy::composed;
  m.integrators = {"exponential_euler", "rk4", "rkf45"};
  m.current_unit = unit::uA_per_cm2;
  m.conductance_unit = unit::mS_per_cm2;
  return m;
}

inline ModelInfo signalled() {
  ModelInfo m = test::named("signalled", ModelKind::receptor, {test::parameter("E_rev", unit::mV, 0.0)});
  m.takes_signal = true;
  m.needs_voltage = true;
  return m;
}

inline ModelInfo counting() {
  ModelInfo m =
      test::named("counting", ModelKind::receptor, {test::parameter("tau", unit::ms, 2.0, range::positive), gate("s")});
  m.counts_spikes = true;
  return m;
}

inline ModelInfo noise() {
  ModelInfo m = test::input("noise",
                            {test::parameter("mean", unit::pA, 0.0),
                             test::parameter("tau", unit::ms, 1.0, range::positive), test::state("I", unit::pA, 0.0)},
                            true);
  m.gives_conductance = false;
  return m;
}

inline Catalogue catalogue() {
  Catalogue all = test::small_catalogue();
  for (ModelInfo m : {gated(), signalled(), counting(), noise()}) all.models.push_back(std::move(m));
  return all;
}

}  // namespace ranvier::fuzz
