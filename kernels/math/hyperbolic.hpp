#pragma once
#include "kernels/math/exponential.hpp"

namespace ranvier::math {

/// Hyperbolic tangent, within 1 ulp: e / (e + 2) with e = e^{2|x|} - 1, which loses nothing for small x; one step of
/// correction takes up the roundings of e, of the sum and of the quotient.
template <class Real>
RANVIER_INLINE Real tanh(Real x) {
  const Real a = detail::absolute(x);
  const auto e = detail::expm1_scaled(Real(2) * (a > Real(22) ? Real(22) : a), 0);
  const Real sum = e.high + Real(2);
  const bool above = e.high > Real(2);
  const Real sum_low = ((above ? e.high : Real(2)) - sum) + (above ? Real(2) : e.high) + e.low;
  const Real inverse = Real(1) / sum;
  const Real y = e.high * inverse;
  const Real rest = detail::fused(-y, sum_low, detail::fused(-y, sum, e.high) + e.low);
  return detail::with_sign(detail::fused(rest, inverse, y), x);
}

/// Hyperbolic cosine, within 2 ulp, up to its own overflow (beyond that of exp).
template <class Real>
RANVIER_INLINE Real cosh(Real x) {
  const Real half_exp = detail::exp_scaled(detail::absolute(x), -1);
  return half_exp + Real(0.25) / half_exp;
}

}  // namespace ranvier::math
