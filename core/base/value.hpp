#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The right-hand side of a parameter, initial value, weight or delay, already in the default unit of its field.
namespace ranvier {

/// A probability distribution. `a` and `b` mean, by kind:
///   normal, truncated_normal  mean, standard deviation      lognormal  mean and standard deviation of the logarithm
///   uniform                   lower, upper                  exponential  mean (a)            gamma  shape, scale
/// For lognormal, `unit_factor` multiplies the draw (the logarithm has no unit).
/// `min` and `max` bound the draw by redrawing; truncated_normal requires at least one.
struct Distribution {
  enum class Kind { normal, lognormal, uniform, exponential, gamma, truncated_normal };
  Kind kind = Kind::normal;
  double a = 0.0, b = 0.0;
  double unit_factor = 1.0;
  std::optional<double> min, max;
};

/// A one-dimensional HDF5 dataset, one number per neuron of the population (or per time, where times are asked for).
struct Dataset {
  std::string file, path;
  double unit_factor = 1.0;  ///< multiplies what the file holds
};

using Value = std::variant<double, Distribution, Dataset>;

inline bool is_constant(const Value& v) { return std::holds_alternative<double>(v); }

}  // namespace ranvier
