#pragma once
#include <limits>

#include "kernels/model/model.hpp"

/// How a receptor acts on the membrane: as a conductance, I = g (E_rev - V_m), where the config gives E_rev; as a
/// current, I = g, where it does not.
namespace ranvier {

inline constexpr const char* output_equation = "I = g (E_rev - V_m) with E_rev, I = g without";

/// The declaration of E_rev, the same for every receptor; NaN says that the config gives none.
template <class Struct>
constexpr Field<Struct, double> reversal_potential(double Struct::*member) {
  return parameter(member, "E_rev", unit::mV, std::numeric_limits<double>::quiet_NaN(), range::any,
                   "reversal potential; its presence makes the receptor a conductance");
}

/// Weights of g in the drive: G += conductance g, J += current g.
inline double conductance_of(double E_rev) { return std::isnan(E_rev) ? 0.0 : 1.0; }
inline double current_of(double E_rev) { return std::isnan(E_rev) ? 1.0 : E_rev; }

template <class Constants, class Real, class D>
RANVIER_INLINE void add_output(const Constants& c, Real g, D& drive) {
  if constexpr (D::conductance == Conductance::all)
    drive.G += g;
  else if constexpr (D::conductance == Conductance::some)
    drive.G += g * c.conductance;
  drive.J += g * c.current;
}

}  // namespace ranvier
