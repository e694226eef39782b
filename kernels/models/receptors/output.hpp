#pragma once
#include <limits>

#include "kernels/math/math.hpp"
#include "kernels/model/model.hpp"
#include "kernels/model/propagator.hpp"

/// How a receptor acts on the membrane: as a conductance, I = g (E_rev - V_m), where the config gives E_rev; as a
/// current, I = g, where it does not. The membrane is told the mean of g over the step: that is the first term of the Magnus
/// expansion (Blanes, Casas, Oteo & Ros 2009), of second order in dt, where the value at the start of the step would give an
/// exponential receptor dt / (2 tau) too much. States, and what is recorded of them, are those at the end of the step.
namespace ranvier {

inline constexpr const char* output_equation =
    "I = g (E_rev - V_m) with E_rev, I = g without; in each step the membrane gets the mean of g over it";

/// The declaration of E_rev, the same for every receptor; NaN says that the config gives none.
template <class Struct>
constexpr Field<Struct, double> reversal_potential(double Struct::*member) {
  return parameter(member, "E_rev", unit::mV, std::numeric_limits<double>::quiet_NaN(), range::any,
                   "reversal potential; its presence makes the receptor a conductance");
}

/// Weights of g in the drive: G += conductance g, J += current g; times what makes the mean over the step of the g at its
/// start, where that is one number.
inline double conductance_of(double E_rev) { return std::isnan(E_rev) ? 0.0 : 1.0; }
inline double current_of(double E_rev) { return std::isnan(E_rev) ? 1.0 : E_rev; }

/// sum += a b, rounded once. To a drive that nothing has been added to yet (EmptyDrive): a b, which is the same.
template <class Real>
RANVIER_INLINE void add_product(Real& sum, Real a, Real b) {
  sum = math::fused(a, b, sum);
}
template <class Term, class Real>
RANVIER_INLINE void add_product(const Term& first, Real a, Real b) {
  first += a * b;
}

template <class Constants, class Real, class D>
RANVIER_INLINE void add_output(const Constants& c, Real g, D& drive) {
  if constexpr (D::has_conductance) add_product(drive.G, g, c.conductance);
  add_product(drive.J, g, c.current);
}

/// The mean over a step of g, where dg/dt = from_h h - decay_g g and dh/dt = -decay_h h, is g times `of_g` plus h times
/// `of_h`, both at the start of the step. Rates are in 1/ms.
struct StepMean {
  double of_g, of_h;

  StepMean(double decay_g, double from_h, double decay_h, double dt) {
    const Matrix<3> system{{{-decay_g, from_h, 0.0}, {0.0, -decay_h, 0.0}, {1.0 / dt, 0.0, 0.0}}};
    const Matrix<3> step = exponential(system, dt);
    of_g = step[2][0];
    of_h = step[2][1];
  }
};

}  // namespace ranvier
