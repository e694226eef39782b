#pragma once
#include "kernels/math/math.hpp"
#include "kernels/model/fields.hpp"

/// The block of NMDA channels by magnesium, of Jahr & Stevens 1990: the share of channels that are not blocked is
/// B(V) = 1 / (1 + Mg / Mg_half exp(-Mg_slope V)). It follows the potential at once.
namespace ranvier {

inline constexpr const char* magnesium_equation =
    "B = 1 / (1 + Mg / Mg_half exp(-Mg_slope V_m)), V_m at the start of a step";

/// The parameters, the same for every receptor that is blocked. `Mg` 0: never.
struct Magnesium {
  double Mg, Mg_half, Mg_slope;
  static constexpr auto fields() {
    using P = Magnesium;
    return std::tuple{parameter(&P::Mg, "Mg", unit::mM, 1.2, range::non_negative, "magnesium outside; 0: no block"),
                      parameter(&P::Mg_half, "Mg_half", unit::mM, 3.57, range::positive,
                                "magnesium that blocks half of the channels at 0 mV"),
                      parameter(&P::Mg_slope, "Mg_slope", unit::per_mV, 0.062, range::non_negative,
                                "how steeply the block depends on the potential")};
  }
};

/// B with log(Mg / Mg_half), minus infinity without magnesium, inside the exponential: no 0 times infinity.
template <class Real>
struct MagnesiumBlock {
  Real log_ratio, slope;
  static constexpr auto fields() { return members(&MagnesiumBlock::log_ratio, &MagnesiumBlock::slope); }

  static MagnesiumBlock of(const Magnesium& p) { return {Real(math::log(p.Mg / p.Mg_half)), Real(p.Mg_slope)}; }
  RANVIER_INLINE Real unblocked(Real V) const { return Real(1) / (Real(1) + math::exp(log_ratio - slope * V)); }
};

}  // namespace ranvier
