#pragma once
#include "kernels/models/receptors/magnesium.hpp"
#include "kernels/models/receptors/output.hpp"
#include "kernels/models/receptors/saturation.hpp"

namespace ranvier {

/// NMDA: slow, saturating, blocked by magnesium. The gate belongs to the receptor: all spikes that arrive at a neuron share
/// it, and g_max is the conductance of all its channels. (For a gate for each source see `graded_nmda`.)
template <class Real>
struct Nmda {
  static constexpr bool needs_voltage = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "nmda";
    m.doc = "NMDA: a gate that rises, saturates and decays slowly, blocked by magnesium";
    m.equations = {"ds/dt = alpha x (1 - s) - s / tau_decay; dx/dt = -x / tau_rise; a spike of weight w: x += w",
                   "a weight is a plain number, 1 for a full synapse; the conductance is g_max",
                   blocked_gate_output_equation, magnesium_equation,
                   "x exact; s with the mean of x over a step: second order, and never above 1"};
    m.source = "Wang 1999, 2002; Jahr & Stevens 1990; Mg as in BrainPy";
    m.weight_unit_conductance = m.weight_unit_current = unit::one;
    return m;
  }

  struct Parameters : Magnesium {
    double tau_decay, tau_rise, alpha, g_max, E_rev;
    static constexpr auto fields() {
      using P = Parameters;
      return std::tuple_cat(
          std::tuple{
              parameter(&P::tau_decay, "tau_decay", unit::ms, 100.0, range::positive, "time constant of closing"),
              parameter(&P::tau_rise, "tau_rise", unit::ms, 2.0, range::positive, "time constant of x"),
              parameter(&P::alpha, "alpha", unit::per_ms, 0.5, range::positive, "rate of opening at x = 1"),
              largest_conductance(&P::g_max), reversal_of_gate(&P::E_rev, 0.0)},
          Magnesium::fields());
    }
  };

  struct Constants : MagnesiumBlock<Real> {
    Real open, close, decay_x, g_max, conductance, current;
    static constexpr auto fields() {
      using C = Constants;
      return std::tuple_cat(MagnesiumBlock<Real>::fields(),
                            members(&C::open, &C::close, &C::decay_x, &C::g_max, &C::conductance, &C::current));
    }
  };

  struct State {
    Real s, x;
    static constexpr auto fields() {
      return std::tuple{gate(&State::s, "s", "gate: share of open channels"),
                        not_negative(state(&State::x, "x", unit::one, 0.0, "what opens the gate"))};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    Constants c;
    static_cast<MagnesiumBlock<Real>&>(c) = MagnesiumBlock<Real>::of(p);
    c.open = Real(p.alpha * dt * math::exprel(-dt / p.tau_rise));  // of the mean of x over the step
    c.close = Real(dt / p.tau_decay);
    c.decay_x = Real(math::exp(-dt / p.tau_rise));
    c.g_max = Real(p.g_max);
    c.conductance = Real(conductance_of(p.E_rev));
    c.current = Real(current_of(p.E_rev));
    return c;
  }

  static State initial(const Parameters&) { return {.s = Real(0), .x = Real(0)}; }

  template <class D>
  RANVIER_INLINE static void step(State& s, const Constants& c, Real arrived, Real V, D& drive) {
    const Real open = c.open * s.x;
    const GateStep<Real> gate = relaxed_gate(s.s, open, open + c.close);
    add_output(c, c.g_max * gate.mean * c.unblocked(V), drive);
    s.s = gate.end;
    s.x = s.x * c.decay_x + arrived;
  }
};

static_assert(Receptor<Nmda<double>>);

}  // namespace ranvier
