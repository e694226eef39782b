#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/config/quantity.hpp"

/// Arithmetic in a config: `0.8 * n`, `2 * tau`, `nu = V_th / (J * C_E * tau_m)`, `-g * 0.1 mV`.
///   sum     = product (('+' | '-') product)*
///   product = signed (('*' | '/') signed)*
///   signed  = ('+' | '-') signed | atom ['^' signed]
///   atom    = number [unit] | name | name '(' sum (',' sum)* ')' | '(' sum ')'
/// A unit after a number binds more tightly than any operator: `1 / 2 ms` is one over two milliseconds.
/// The value and its dimension are computed together; the decimal point is a point in every locale.
namespace ranvier {

/// What the names of an expression stand for.
struct Names {
  /// The value of a name, or nothing where it is unknown.
  std::function<std::optional<Quantity>(std::string_view)> find;
  /// For "did you mean".
  std::function<std::vector<std::string>()> all;
};

/// Throws ExpressionError. Text of more than 4096 characters or nested more than 32 deep is an error.
Quantity evaluate_expression(std::string_view text, const Names& names);

/// Functions and constants that every expression knows; variables cannot have these names, nor those of units.
bool is_reserved_name(std::string_view name);

/// The names of the functions, for documentation.
std::vector<std::string> function_names();

}  // namespace ranvier
