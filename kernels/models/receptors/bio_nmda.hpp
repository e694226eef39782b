#pragma once
#include "kernels/models/receptors/magnesium.hpp"
#include "kernels/models/receptors/output.hpp"
#include "kernels/models/receptors/saturation.hpp"

namespace ranvier {

/// NMDA with two kinetic steps behind a pulse of transmitter, blocked by magnesium.
template <class Real>
struct BioNmda {
  static constexpr bool needs_voltage = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "bio_nmda";
    m.doc = "NMDA with second-order kinetics of transmitter binding, blocked by magnesium";
    m.equations = {"ds/dt = alpha1 x (1 - s) - beta1 s; dx/dt = alpha2 [T] (1 - x) - beta2 x",
                   "[T] = T for T_dur after a spike, else 0; a further spike prolongs it; spikes have no weight",
                   blocked_gate_output_equation, magnesium_equation,
                   "x exact; s with the mean of x over a step: second order, and never above 1"};
    m.source = "Destexhe, Mainen & Sejnowski 1994; defaults of BrainPy's BioNMDA";
    m.weight_unit_conductance = m.weight_unit_current = unit::one;
    m.counts_spikes = true;
    return m;
  }

  struct Parameters : Magnesium {
    double alpha1, beta1, alpha2, beta2, T, T_dur, g_max, E_rev;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple_cat(
          std::tuple{
              parameter(&P::alpha1, "alpha1", unit::per_ms, 2.0, range::positive, "rate of opening at x = 1"),
              parameter(&P::beta1, "beta1", unit::per_ms, 0.01, range::non_negative, "rate of closing"),
              parameter(&P::alpha2, "alpha2", unit::per_mM_ms, 1.0, range::positive, "rate of binding transmitter"),
              parameter(&P::beta2, "beta2", unit::per_ms, 0.5, range::non_negative, "rate of unbinding"),
              parameter(&P::T, "T", unit::mM, 1.0, range::positive, "transmitter after a spike"),
              parameter(&P::T_dur, "T_dur", unit::ms, 0.5, range::positive, "how long it stays"),
              largest_conductance(&P::g_max), reversal_of_gate(&P::E_rev, 0.0)},
          Magnesium::fields());
    }
  };

  /// x over a step without transmitter, with it for a part and for all of the step: x -> a x + b, mean of x = c x + d.
  struct Constants : MagnesiumBlock<Real> {
    Real a_off, a_part, a_on, b_part, b_on, c_off, c_part, c_on, d_part, d_on;
    Real pulse, open, close, g_max, conductance, current;
    static constexpr auto fields() {
      using C = Constants;
      return std::tuple_cat(
          MagnesiumBlock<Real>::fields(),
          members(&C::a_off, &C::a_part, &C::a_on, &C::b_part, &C::b_on, &C::c_off, &C::c_part, &C::c_on, &C::d_part,
                  &C::d_on, &C::pulse, &C::open, &C::close, &C::g_max, &C::conductance, &C::current));
    }
  };

  struct State {
    Real s, x, left;
    static constexpr auto fields() {
      return std::tuple{gate(&State::s, "s", "gate: share of open channels"),
                        gate(&State::x, "x", "share of channels with transmitter bound"),
                        internal(&State::left, "left", "steps for which the transmitter is still there")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    const Pulse pulse(p.T_dur, dt);
    const double binding = p.alpha2 * p.T;
    const Relaxation off(0.0, p.beta2, dt), on(binding, p.beta2, dt);
    const Relaxation first(binding, p.beta2, pulse.last), rest(0.0, p.beta2, dt - pulse.last);
    const Affine end = rest.end.after(first.end), later = rest.integral.after(first.end);
    Constants c;
    static_cast<MagnesiumBlock<Real>&>(c) = MagnesiumBlock<Real>::of(p);
    c.a_off = Real(off.end.a);
    c.a_part = Real(end.a);
    c.a_on = Real(on.end.a);
    c.b_part = Real(end.b);
    c.b_on = Real(on.end.b);
    c.c_off = Real(off.integral.a / dt);
    c.c_part = Real((first.integral.a + later.a) / dt);
    c.c_on = Real(on.integral.a / dt);
    c.d_part = Real((first.integral.b + later.b) / dt);
    c.d_on = Real(on.integral.b / dt);
    c.pulse = Real(pulse.steps);
    c.open = Real(p.alpha1 * dt);
    c.close = Real(p.beta1 * dt);
    c.g_max = Real(p.g_max);
    c.conductance = Real(conductance_of(p.E_rev));
    c.current = Real(current_of(p.E_rev));
    return c;
  }

  static State initial(const Parameters&) { return {.s = Real(0), .x = Real(0), .left = Real(0)}; }

  template <class D>
  RANVIER_INLINE static void step(State& s, const Constants& c, Real arrived, Real V, D& drive) {
    const Real a = of_pulse(s.left, c.a_off, c.a_part, c.a_on), b = of_pulse(s.left, Real(0), c.b_part, c.b_on);
    const Real mean = of_pulse(s.left, c.c_off, c.c_part, c.c_on) * s.x + of_pulse(s.left, Real(0), c.d_part, c.d_on);
    const Real open = c.open * mean;
    const GateStep<Real> gate = relaxed_gate(s.s, open, open + c.close);
    add_output(c, c.g_max * gate.mean * c.unblocked(V), drive);
    s.s = gate.end;
    s.x = a * s.x + b;
    s.left = steps_left(s.left, arrived, c.pulse);
  }
};

static_assert(Receptor<BioNmda<double>>);

}  // namespace ranvier
