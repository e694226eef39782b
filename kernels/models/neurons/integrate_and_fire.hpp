#pragma once
#include "kernels/model/model.hpp"

/// What the integrate-and-fire neurons share. Potentials above the threshold count as the threshold in the slopes of the
/// nonlinear ones: between the upstroke and the reset nothing can overflow.
namespace ranvier {

inline constexpr const char* reset_equation = "V_m >= V_th: spike, V_m = V_reset for t_ref";

/// The parameters of a membrane given by a resistance and a time constant, as members of P.
template <class P>
constexpr auto resistive_fields(double V_th) {
  return std::tuple{
      parameter<P, double>(&P::tau, "tau", unit::ms, 10.0, range::positive, "membrane time constant"),
      parameter<P, double>(&P::R, "R", unit::GOhm, 1.0, range::positive, "membrane resistance"),
      parameter<P, double>(&P::V_rest, "V_rest", unit::mV, -65.0, range::any, "resting potential"),
      parameter<P, double>(&P::V_reset, "V_reset", unit::mV, -68.0, range::any, "potential after a spike"),
      parameter<P, double>(&P::V_th, "V_th", unit::mV, V_th, range::any, "potential at which a spike is cut off"),
      parameter<P, double>(&P::t_ref, "t_ref", unit::ms, 0.0, range::non_negative, "refractory time"),
      parameter<P, double>(&P::I_e, "I_e", unit::pA, 0.0, range::any, "constant current")};
}

/// The two roots of a quadratic membrane and its curvature.
template <class P>
constexpr auto quadratic_fields() {
  return std::tuple{
      parameter<P, double>(&P::V_c, "V_c", unit::mV, -50.0, range::any,
                           "critical potential: the upstroke begins above"),
      parameter<P, double>(&P::c, "c", Unit{"1/mV", {.voltage = -1}, 1e3}, 0.07, range::positive, "curvature")};
}

template <class Struct, class Real>
constexpr auto integrate_and_fire_states(const char* doc) {
  return std::tuple{state<Struct, Real>(&Struct::V_m, "V_m", unit::mV, -65.0, doc),
                    internal<Struct, Real>(&Struct::refractory, "refractory", "steps left in the refractory time")};
}

template <class Real>
struct IntegrateAndFireState {
  Real V_m, refractory;
  static constexpr auto fields() {
    return integrate_and_fire_states<IntegrateAndFireState, Real>("membrane potential; starts at V_rest");
  }
};

/// The smaller one; x where it is no number.
template <class Real>
RANVIER_INLINE Real at_most(Real x, Real most) {
  return x > most ? most : x;
}

/// The membrane, the first variable, stands still in the refractory time.
template <class State, class S>
RANVIER_INLINE S unless_resting(const State& s, S slopes) {
  using Real = decltype(s.V_m);
  const bool resting = s.refractory > Real(0);
  slopes.rate[0] = resting ? Real(0) : slopes.rate[0];
  slopes.decay[0] = resting ? Real(0) : slopes.decay[0];
  return slopes;
}

/// The end of a step of a neuron that spikes at `threshold` and stays at V_reset for its refractory time.
template <class State, class Constants, class Real>
RANVIER_INLINE bool fire_or_rest(State& s, const Constants& c, Real threshold) {
  const bool resting = s.refractory > Real(0);
  const bool spike = !resting & (s.V_m >= threshold);
  s.V_m = (resting | spike) ? c.V_reset : s.V_m;
  s.refractory = spike ? c.refractory : (resting ? s.refractory - Real(1) : Real(0));
  return spike;
}

}  // namespace ranvier
