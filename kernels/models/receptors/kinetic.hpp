#pragma once
#include "kernels/models/receptors/output.hpp"
#include "kernels/models/receptors/saturation.hpp"

namespace ranvier {

/// What tells AMPA from GABA_A: names and numbers.
struct KineticDefaults {
  const char* name;
  const char* doc;
  const char* source;
  double alpha, beta, T, T_dur, E_rev;
};

/// First-order kinetics behind a pulse of transmitter. The gate belongs to the receptor: it stands for one synapse, or for
/// many onto the same channels.
template <class Real, class Defaults>
struct Kinetic {
  static ModelInfo info() {
    ModelInfo m;
    m.name = Defaults::values.name;
    m.doc = Defaults::values.doc;
    m.equations = {"ds/dt = alpha [T] (1 - s) - beta s",
                   "[T] = T for T_dur after a spike, else 0; a further spike prolongs it; spikes have no weight",
                   gate_output_equation, "exact over a step"};
    m.source = Defaults::values.source;
    m.weight_unit_conductance = m.weight_unit_current = unit::one;
    m.counts_spikes = true;
    return m;
  }

  struct Parameters {
    double alpha, beta, T, T_dur, g_max, E_rev;
    static constexpr auto fields() {
      using P = Parameters;
      constexpr KineticDefaults d = Defaults::values;
      return std::tuple{
          parameter(&P::alpha, "alpha", unit::per_mM_ms, d.alpha, range::positive, "rate of binding transmitter"),
          parameter(&P::beta, "beta", unit::per_ms, d.beta, range::non_negative, "rate of closing"),
          parameter(&P::T, "T", unit::mM, d.T, range::positive, "transmitter after a spike"),
          parameter(&P::T_dur, "T_dur", unit::ms, d.T_dur, range::positive, "how long it stays"),
          largest_conductance(&P::g_max),
          reversal_of_gate(&P::E_rev, d.E_rev)};
    }
  };

  /// s over a step without transmitter, with it for a part and for all of the step: s -> a s + b, mean of s = c s + d.
  struct Constants {
    Real a_off, a_part, a_on, b_part, b_on, c_off, c_part, c_on, d_part, d_on, pulse, g_max, conductance, current;
    static constexpr auto fields() {
      using C = Constants;
      return members(&C::a_off, &C::a_part, &C::a_on, &C::b_part, &C::b_on, &C::c_off, &C::c_part, &C::c_on, &C::d_part,
                     &C::d_on, &C::pulse, &C::g_max, &C::conductance, &C::current);
    }
  };

  struct State {
    Real s, left;
    static constexpr auto fields() {
      return std::tuple{gate(&State::s, "s", "gate: share of open channels"),
                        internal(&State::left, "left", "steps for which the transmitter is still there")};
    }
  };

  static Constants derive(const Parameters& p, double dt) {
    const Pulse pulse(p.T_dur, dt);
    const Relaxation off(0.0, p.beta, dt), on(p.alpha * p.T, p.beta, dt);
    const Relaxation first(p.alpha * p.T, p.beta, pulse.last), rest(0.0, p.beta, dt - pulse.last);
    const Affine part = rest.end.after(first.end), later = rest.integral.after(first.end);
    return {.a_off = Real(off.end.a),
            .a_part = Real(part.a),
            .a_on = Real(on.end.a),
            .b_part = Real(part.b),
            .b_on = Real(on.end.b),
            .c_off = Real(off.integral.a / dt),
            .c_part = Real((first.integral.a + later.a) / dt),
            .c_on = Real(on.integral.a / dt),
            .d_part = Real((first.integral.b + later.b) / dt),
            .d_on = Real(on.integral.b / dt),
            .pulse = Real(pulse.steps),
            .g_max = Real(p.g_max),
            .conductance = Real(conductance_of(p.E_rev)),
            .current = Real(current_of(p.E_rev))};
  }

  static State initial(const Parameters&) { return {.s = Real(0), .left = Real(0)}; }

  template <class D>
  RANVIER_INLINE static void step(State& s, const Constants& c, Real arrived, D& drive) {
    const Real mean = of_pulse(s.left, c.c_off, c.c_part, c.c_on) * s.s + of_pulse(s.left, Real(0), c.d_part, c.d_on);
    add_output(c, c.g_max * mean, drive);
    s.s = of_pulse(s.left, c.a_off, c.a_part, c.a_on) * s.s + of_pulse(s.left, Real(0), c.b_part, c.b_on);
    s.left = steps_left(s.left, arrived, c.pulse);
  }
};

struct AmpaDefaults {
  static constexpr KineticDefaults values{"ampa_kinetic",
                                          "AMPA: a gate opened by pulses of transmitter",
                                          "Destexhe, Mainen & Sejnowski 1994; defaults of BrainPy's AMPA",
                                          0.98,
                                          0.18,
                                          0.5,
                                          0.5,
                                          0.0};
};
struct GabaDefaults {
  static constexpr KineticDefaults values{"gaba_kinetic",
                                          "GABA_A: a gate opened by pulses of transmitter",
                                          "Destexhe & Pare 1999; defaults of BrainPy's GABAa",
                                          0.53,
                                          0.18,
                                          1.0,
                                          1.0,
                                          -80.0};
};

template <class Real>
struct AmpaKinetic : Kinetic<Real, AmpaDefaults> {};
template <class Real>
struct GabaKinetic : Kinetic<Real, GabaDefaults> {};

static_assert(Receptor<AmpaKinetic<double>> && Receptor<GabaKinetic<double>>);

}  // namespace ranvier
