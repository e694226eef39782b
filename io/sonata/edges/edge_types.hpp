#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ranvier {

/// Why something that edges or their types have, by this name, is likely one of the values that decide how an edge acts, under
/// another name; empty: it is not. Values under unknown names would be ignored.
std::string why_misnamed(std::string_view name);

/// What the table of edge types says of one type.
struct EdgeType {
  std::int64_t id = 0;
  std::optional<double> weight, delay, nsyns;  ///< delay in ms
  int sign = 0;         ///< of the weight by receptor_type: 1 excitatory, -1 inhibitory, 0 as the weight has it
  std::string refused;  ///< why edges of this type cannot be simulated; empty: they can
};

/// The edge types of a circuit, by id. Only static synapses, whose weight is a number, can be simulated: a type that names
/// another `model_template` than static_synapse, or a `weight_function` that is more than a constant, is an error where
/// an edge has it. So is a `receptor_type` other than `excitatory`, `inhibitory` and 0, NEST's default.
class EdgeTypes {
 public:
  EdgeTypes() = default;
  /// RuntimeError with file and line where the table is wrong.
  static EdgeTypes read(const std::string& path);

  bool empty() const { return types_.empty(); }
  /// Null where the table does not list it.
  const EdgeType* find(std::int64_t id) const;
  /// Whether anything of an edge depends on its type: where not, its type need not be read. `weights`, `delays`: whether
  /// the file leaves some of them to the types; `signs`: whether weights are wanted at all.
  bool matter(bool weights, bool delays, bool nsyns, bool signs) const;
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::vector<EdgeType> types_;  ///< by id
};

}  // namespace ranvier
