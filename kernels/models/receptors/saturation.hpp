#pragma once
#include <cmath>

#include "kernels/math/math.hpp"
#include "kernels/models/neurons/gates.hpp"

/// Receptors that saturate: a gate s, the share of open channels, 0 to 1, times a largest conductance.
namespace ranvier {

inline constexpr const char* gate_output_equation =
    "I = g_max s (E_rev - V_m); in each step the membrane gets the mean of s over it";
inline constexpr const char* blocked_gate_output_equation =
    "I = g_max s B (E_rev - V_m); in each step the membrane gets the mean of s over it";

/// g_max, the same for every receptor with a gate. Whether spikes have weights or not, they are no conductances.
template <class Struct>
constexpr Field<Struct, double> largest_conductance(double Struct::*member) {
  return parameter(member, "g_max", unit::nS, 1.0, range::non_negative,
                   "conductance of the open receptor; 0: a gate without a current, to be sent as a signal");
}

/// Their reversal potential. It has a default: a gate is always a conductance.
template <class Struct>
constexpr Field<Struct, double> reversal_of_gate(double Struct::*member, double E_rev) {
  return parameter(member, "E_rev", unit::mV, E_rev, range::any, "reversal potential");
}

/// A gate at the end of a step, and its mean over it.
template <class Real>
struct GateStep {
  Real end, mean;
};

/// (1 - exprel(-z)) / z for z >= 0, without the difference: from Pade's approximant of e^-z of degree 4 over 5, as
/// DecayingExprel. Its error is below 1e-14 up to z = 0.2, 2e-9 at 1, and never above 1e-4.
template <class Real>
RANVIER_INLINE Real second_exprel(Real z) {
  const Real z2 = z * z;
  const Real above = math::fused(z2, math::fused(z, Real(24), z2 + Real(280)), math::fused(z, Real(1680), Real(7560)));
  const Real odd = math::fused(z2, z2 + Real(300), Real(8400));
  const Real even = math::fused(z2, math::fused(z2, Real(25), Real(2100)), Real(15120));
  return above / math::fused(z, odd, even);
}

/// ds/dt = open (1 - s) - close s over a step, exact for rates that do not change: `open` and `both` = open + close are rates
/// times dt. s stays between 0 and 1 whatever the rates.
template <class Real>
RANVIER_INLINE GateStep<Real> relaxed_gate(Real s, Real open, Real both) {
  const Real slope = open - both * s;
  return {s + slope * math::exprel(-both), s + slope * second_exprel(both)};
}

/// y -> a y + b.
struct Affine {
  double a = 1.0, b = 0.0;
  double operator()(double y) const { return a * y + b; }
  /// First `first`, then this.
  Affine after(const Affine& first) const { return {a * first.a, a * first.b + b}; }
};

/// dy/dt = open (1 - y) - close y with constant rates (1/ms) over a time: y at its end, and y's integral over it.
struct Relaxation {
  Affine end, integral;

  Relaxation(double open, double close, double time) {
    const double both = open + close, mean = math::exprel(-both * time);
    const double steady = both > 0.0 ? open / both : 0.0;
    end = {math::exp(-both * time), open * time * mean};
    integral = {time * mean, steady * time * (1.0 - mean)};
  }
};

/// A pulse of transmitter after a spike, cut into steps: full ones, and a last one of which it fills a part.
struct Pulse {
  double steps;  ///< that it touches
  double last;   ///< ms of the last step

  Pulse(double duration, double dt) {
    constexpr double rounding = 1e-9;  // 0.3 / 0.1 is no whole number
    steps = std::ceil(duration / dt - rounding);
    steps = steps < 1.0 ? 1.0 : steps;
    last = duration - (steps - 1.0) * dt;
    last = last > dt * (1.0 - rounding) ? dt : last;
  }
};

/// Steps that the transmitter is still there for, after a step at whose end `arrived` came: a spike starts the pulse
/// anew, so that spikes prolong it and never add up.
template <class Real>
RANVIER_INLINE Real steps_left(Real before, Real arrived, Real pulse) {
  const Real less = before > Real(1) ? before - Real(1) : Real(0);
  return arrived > Real(0) ? pulse : less;
}

/// The one of three constants that belongs to a step: without transmitter, with it for a part of the step, or for all of it.
template <class Real>
RANVIER_INLINE Real of_pulse(Real left, Real without, Real partly, Real fully) {
  return left > Real(1) ? fully : (left > Real(0) ? partly : without);
}

}  // namespace ranvier
