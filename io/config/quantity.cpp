#include "io/config/quantity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace ranvier {
namespace {

/// Powers of ten are exact in a double up to 10^22; one multiplication or division then rounds once.
double scale_by_ten(double value, int exponent) {
  constexpr int exact = 22;
  static constexpr std::array<double, exact + 1> tens{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (exponent == 0) return value;
  if (std::abs(exponent) > exact) return value * std::pow(10.0, exponent);
  return exponent > 0 ? value * tens[exponent] : value / tens[-exponent];
}

/// A scale as factor and power of ten: 1e-9 is {1, -9}, 60 is {60, 0}.
struct Decimal {
  double factor;
  int exponent;
};

Decimal decimal(double scale) {
  const int exponent = static_cast<int>(std::lround(std::log10(scale)));
  const double ratio = scale_by_ten(scale, -exponent);
  // Scales of compound units are products of rounded powers of ten: a few units in the last place off.
  constexpr double rounding = 1e-13;
  if (std::abs(ratio - 1.0) < rounding) return {1.0, exponent};
  return {scale, 0};
}

Quantity checked(Quantity q) {
  constexpr int largest = 200;
  if (std::abs(q.exponent) > largest) q = {scale_by_ten(q.value, q.exponent), 0, q.dimension};
  if (!std::isfinite(q.value)) throw ExpressionError{"the result is not a finite number"};
  return q;
}

void require_same(const Quantity& a, const Quantity& b, std::string_view verb) {
  if (a.dimension == b.dimension) return;
  throw ExpressionError{fmt::format("cannot {} {} and {}", verb, with_article(a.dimension), with_article(b.dimension))};
}

Dimension combine(const Dimension& a, const Dimension& b, int sign) {
  const auto part = [&](int x, int y) {
    const int sum = x + sign * y;
    if (std::abs(sum) > 100) throw ExpressionError{"the power of a unit is too large"};
    return static_cast<std::int8_t>(sum);
  };
  return {part(a.time, b.time), part(a.voltage, b.voltage), part(a.current, b.current), part(a.length, b.length),
          part(a.amount, b.amount)};
}

/// Both with the smaller of the two powers of ten, so that `1 s + 1 ms` is 1000 + 1 and not 1 + 0.001.
int align(Quantity& a, Quantity& b) {
  const int exponent = std::min(a.exponent, b.exponent);
  a.value = scale_by_ten(a.value, a.exponent - exponent);
  b.value = scale_by_ten(b.value, b.exponent - exponent);
  return exponent;
}

Quantity sum(Quantity a, Quantity b, int sign) {
  const int exponent = align(a, b);
  return checked({a.value + sign * b.value, exponent, a.dimension});
}

Quantity whole_power(const Quantity& base, int n) {
  Quantity result{1.0, 0, {}};
  for (int i = 0; i < std::abs(n); ++i) result = n > 0 ? multiply(result, base) : divide(result, base);
  return result;
}

}  // namespace

Quantity quantity(double value, const Dimension& dimension, double scale) {
  const auto [factor, exponent] = decimal(scale);
  return checked({value * factor, exponent, dimension});
}

double in_unit(const Quantity& q, const Unit& unit) {
  const auto [factor, exponent] = decimal(unit.scale);
  return scale_by_ten(q.value, q.exponent - exponent) / factor;
}

double plain_number(const Quantity& q, std::string_view what) {
  if (!q.is_plain())
    throw ExpressionError{fmt::format("{} needs a plain number, got {}", what, with_article(q.dimension))};
  return scale_by_ten(q.value, q.exponent);
}

Quantity add(const Quantity& a, const Quantity& b) {
  require_same(a, b, "add");
  return sum(a, b, 1);
}

Quantity subtract(const Quantity& a, const Quantity& b) {
  require_same(a, b, "subtract");
  return sum(a, b, -1);
}

Quantity multiply(const Quantity& a, const Quantity& b) {
  return checked({a.value * b.value, a.exponent + b.exponent, combine(a.dimension, b.dimension, 1)});
}

Quantity divide(const Quantity& a, const Quantity& b) {
  if (b.value == 0.0) throw ExpressionError{"division by zero"};
  return checked({a.value / b.value, a.exponent - b.exponent, combine(a.dimension, b.dimension, -1)});
}

Quantity power(const Quantity& base, const Quantity& exponent) {
  const double e = plain_number(exponent, "an exponent");
  if (base.is_plain()) return checked({std::pow(plain_number(base, "a base"), e), 0, {}});
  constexpr double largest = 9;
  if (e != std::round(e) || std::abs(e) > largest)
    throw ExpressionError{
        fmt::format("{} can be raised to whole powers up to {} only", with_article(base.dimension), largest)};
  return whole_power(base, static_cast<int>(e));
}

Quantity square_root(const Quantity& q) {
  if (q.value < 0.0) throw ExpressionError{"the square root of a negative number"};
  const auto& d = q.dimension;
  for (const int part : {d.time, d.voltage, d.current, d.length, d.amount})
    if (part % 2 != 0) throw ExpressionError{fmt::format("{} has no square root", with_article(d))};
  const auto half = [](int part) { return static_cast<std::int8_t>(part / 2); };
  const bool odd = q.exponent % 2 != 0;
  const double value = odd ? scale_by_ten(q.value, 1) : q.value;
  return {std::sqrt(value),
          (odd ? q.exponent - 1 : q.exponent) / 2,
          {half(d.time), half(d.voltage), half(d.current), half(d.length), half(d.amount)}};
}

int compare(const Quantity& a, const Quantity& b, std::string_view what) {
  if (a.dimension != b.dimension)
    throw ExpressionError{fmt::format("{} of {} and {}", what, with_article(a.dimension), with_article(b.dimension))};
  Quantity x = a, y = b;
  align(x, y);
  return x.value < y.value ? -1 : x.value > y.value ? 1 : 0;
}

std::string with_article(const Dimension& dimension) {
  const std::string name = dimension_name(dimension);
  const bool vowel = std::string_view("aeiou").find(name.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + name;
}

}  // namespace ranvier
