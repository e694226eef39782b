#pragma once
#include <string>
#include <string_view>

#include "core/base/units.hpp"

/// Numbers with a dimension, as expressions in a config compute with them.
namespace ranvier {

/// `value` times ten to the `exponent`, in coherent SI units (s, V, A, m, mol) of `dimension`.
/// The power of ten stays apart so that `20 ms` is exactly 20 when asked for in ms.
struct Quantity {
  double value = 0.0;
  int exponent = 0;
  Dimension dimension;

  bool is_plain() const { return dimension == Dimension{}; }
};

/// What is wrong with an expression, without place: "cannot add a time and a voltage".
struct ExpressionError {
  std::string reason;
};

/// `value` in a unit of the given dimension and scale.
Quantity quantity(double value, const Dimension& dimension, double scale);
inline Quantity quantity(double value, const Unit& unit) { return quantity(value, unit.dimension, unit.scale); }

/// The number that `q` is in `unit`; the dimensions must agree (the caller has checked).
double in_unit(const Quantity& q, const Unit& unit);
/// A plain number; throws ExpressionError where `q` has a dimension (`what` needs a plain number).
double plain_number(const Quantity& q, std::string_view what);

/// Arithmetic; throws ExpressionError where dimensions do not agree or the result is not finite.
Quantity add(const Quantity& a, const Quantity& b);
Quantity subtract(const Quantity& a, const Quantity& b);
Quantity multiply(const Quantity& a, const Quantity& b);
Quantity divide(const Quantity& a, const Quantity& b);
/// The exponent is a plain number, and a whole one where the base has a dimension.
Quantity power(const Quantity& base, const Quantity& exponent);
Quantity square_root(const Quantity& q);
/// -1, 0 or 1; throws where the dimensions differ (`what` is the name of the function that compares).
int compare(const Quantity& a, const Quantity& b, std::string_view what);

/// "a time", "an area", "a plain number".
std::string with_article(const Dimension& dimension);

}  // namespace ranvier
