#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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
/// For spikes of SONATA nodes the file may be a CSV.
struct Dataset {
  std::string file, path;
  double unit_factor = 1.0;  ///< multiplies what the file holds

  /// Spikes may come as text.
  bool is_csv() const { return file.ends_with(".csv"); }
};

/// Numbers of a population that is read from a SONATA nodes file: node by node where the node's group has a dataset of
/// them, else by the node's type. What lies where is said by the file, which each rank reads for its own neurons.
struct NodeValues {
  std::vector<std::pair<std::int64_t, double>> by_type;         ///< node_type_id and number, ascending
  std::vector<std::pair<std::uint64_t, std::string>> by_group;  ///< node_group_id and path of a dataset, ascending
};

using Value = std::variant<double, Distribution, Dataset, NodeValues>;

inline bool is_constant(const Value& v) { return std::holds_alternative<double>(v); }

/// Parameters by name, only those the user gave; the rest are the model's defaults.
using ValueMap = std::vector<std::pair<std::string, Value>>;

/// Null where the name is not given.
inline const Value* find_value(const ValueMap& values, std::string_view name) {
  for (const auto& [key, value] : values)
    if (key == name) return &value;
  return nullptr;
}

}  // namespace ranvier
