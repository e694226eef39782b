#pragma once
#include "kernels/model/fields.hpp"

/// What the models with ion channels share.
namespace ranvier {

/// A gating variable: the share of open gates, 0 to 1.
template <class Struct, class Number>
constexpr Field<Struct, Number> gate(Number Struct::*member, const char* name, const char* doc) {
  return {member, name, unit::one, 0.0, {.min = 0.0, .max = 1.0}, doc, Role::state};
}

/// Opening and closing rates of a gate, in 1/ms: dx/dt = alpha (1 - x) - beta x.
template <class Real>
struct GateRates {
  Real alpha, beta;
  RANVIER_INLINE Real slope(Real x) const { return alpha * (Real(1) - x) - beta * x; }
  RANVIER_INLINE Real decay() const { return alpha + beta; }
  RANVIER_INLINE Real steady() const { return alpha / (alpha + beta); }
};

/// Whether the potential has passed the threshold on its way up in the step.
template <class State, class Constants>
RANVIER_INLINE bool crosses_upwards(const State& before, const State& after, const Constants& c) {
  return (before.V_m < c.V_th) & (after.V_m >= c.V_th);
}

}  // namespace ranvier
