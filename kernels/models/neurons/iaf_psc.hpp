#pragma once
#include "kernels/math/math.hpp"
#include "kernels/model/model.hpp"

/// What the exactly integrated linear neurons (Rotter & Diesmann 1999) share: the membrane, its threshold and rest.
namespace ranvier {

/// The membrane's parameters as members of P.
template <class P>
constexpr auto iaf_psc_fields() {
  return std::tuple{
      parameter<P, double>(&P::C_m, "C_m", unit::pF, 250.0, range::positive, "membrane capacitance"),
      parameter<P, double>(&P::tau_m, "tau_m", unit::ms, 10.0, range::positive, "membrane time constant"),
      parameter<P, double>(&P::E_L, "E_L", unit::mV, -70.0, range::any, "leak reversal potential"),
      parameter<P, double>(&P::V_th, "V_th", unit::mV, -55.0, range::any, "threshold"),
      parameter<P, double>(&P::V_reset, "V_reset", unit::mV, -70.0, range::any, "potential after a spike"),
      parameter<P, double>(&P::t_ref, "t_ref", unit::ms, 2.0, range::non_negative, "refractory time"),
      parameter<P, double>(&P::I_e, "I_e", unit::pA, 0.0, range::any, "constant current")};
}

struct IafPscParameters {
  double C_m, tau_m, E_L, V_th, V_reset, t_ref, I_e;
  static constexpr auto fields() { return iaf_psc_fields<IafPscParameters>(); }
};

/// The same with the time constants of an excitatory and an inhibitory synaptic current.
struct IafPscSynapticParameters : IafPscParameters {
  double tau_syn_ex, tau_syn_in;
  static constexpr auto fields() {
    using P = IafPscSynapticParameters;
    return std::tuple_cat(
        iaf_psc_fields<P>(),
        std::tuple{
            parameter(&P::tau_syn_ex, "tau_syn_ex", unit::ms, 2.0, range::positive, "time constant of receptor ex"),
            parameter(&P::tau_syn_in, "tau_syn_in", unit::ms, 2.0, range::positive, "time constant of receptor in")});
  }
};

template <class Real>
struct IafPscState {
  Real V_m, refractory;
  static constexpr auto fields() {
    using S = IafPscState;
    return std::tuple{state(&S::V_m, "V_m", unit::mV, -70.0, "membrane potential; starts at E_L"),
                      internal(&S::refractory, "refractory", "steps left in the refractory time")};
  }
};

inline ModelInfo iaf_psc_info(const std::string& name, const std::string& synapses) {
  ModelInfo m;
  m.name = name;
  m.doc = "Leaky integrate-and-fire neuron with " + synapses + ", integrated exactly";
  m.source = "Rotter & Diesmann 1999; defaults of NEST's " + name;
  m.receptors = ReceptorPolicy::own;
  m.constraints = {{"V_reset", "V_th", false}};
  return m;
}

/// The end of a step: V is the potential that the neuron reaches unless it is refractory.
template <class State, class Constants, class Real>
RANVIER_INLINE bool advance_or_rest(State& s, const Constants& c, Real V) {
  const bool resting = s.refractory > Real(0);
  const bool spike = !resting & (V >= c.V_th);
  s.V_m = spike ? c.V_reset : (resting ? s.V_m : V);
  s.refractory = spike ? c.refractory : (resting ? s.refractory - Real(1) : Real(0));
  return spike;
}

}  // namespace ranvier
