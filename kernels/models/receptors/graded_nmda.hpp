#pragma once
#include "kernels/models/receptors/magnesium.hpp"
#include "kernels/models/receptors/output.hpp"
#include "kernels/models/receptors/saturation.hpp"

namespace ranvier {

/// The postsynaptic side of NMDA synapses whose gates belong to their sources: what the gates give, blocked by magnesium.
template <class Real>
struct GradedNmda {
  static constexpr bool takes_signal = true;
  static constexpr bool needs_voltage = true;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "graded_nmda";
    m.doc = "NMDA with a gate for each source neuron, sent as the signal of a projection; blocked by magnesium";
    m.equations = {"g(t) = sum over projections and their sources j of w s_j(t - delay), linear within a step",
                   "I = g B (E_rev - V_m); in each step the membrane gets the mean of g over it", magnesium_equation};
    m.source = "Wang 2002; Jahr & Stevens 1990; Mg as in BrainPy";
    return m;
  }

  struct Parameters : Magnesium {
    double E_rev;
    static constexpr auto fields() {
      return std::tuple_cat(std::tuple{reversal_of_gate(&Parameters::E_rev, 0.0)}, Magnesium::fields());
    }
  };

  struct Constants : MagnesiumBlock<Real> {
    Real conductance, current;
    static constexpr auto fields() {
      return std::tuple_cat(MagnesiumBlock<Real>::fields(), members(&Constants::conductance, &Constants::current));
    }
  };

  struct State {
    Real g;
    static constexpr auto fields() {
      return std::tuple{state(&State::g, "g", unit::nS, 0.0, "conductance without the block")};
    }
  };

  static Constants derive(const Parameters& p, double) {
    Constants c;
    static_cast<MagnesiumBlock<Real>&>(c) = MagnesiumBlock<Real>::of(p);
    c.conductance = Real(conductance_of(p.E_rev));
    c.current = Real(current_of(p.E_rev));
    return c;
  }

  static State initial(const Parameters&) { return {.g = Real(0)}; }

  template <class D>
  RANVIER_INLINE static void step(State& s, const Constants& c, Real arrived, Real V, D& drive) {
    add_output(c, Real(0.5) * (s.g + arrived) * c.unblocked(V), drive);
    s.g = arrived;
  }
};

static_assert(Receptor<GradedNmda<double>>);

}  // namespace ranvier
