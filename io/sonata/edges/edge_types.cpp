#include "io/sonata/edges/edge_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/error.hpp"
#include "core/base/suggest.hpp"
#include "io/sonata/base/type_table.hpp"

namespace ranvier {
namespace {

/// Functions that leave the weight as it is.
constexpr std::array<std::string_view, 4> constant_functions{"constant", "wmax", "ConstantMultiplier",
                                                             "ConstantMultiplier_LIF"};
constexpr std::string_view excitatory = "excitatory", inhibitory = "inhibitory";

std::string why_refused(const TypeTable& table, std::size_t row) {
  const auto& model = table.text(row, "model_template");
  if (model && *model != "static_synapse" && *model != "nest:static_synapse")
    return fmt::format("model_template '{}' ({}); only static_synapse can be simulated", *model, table.place(row));
  const auto& function = table.text(row, "weight_function");
  if (function &&
      std::find(constant_functions.begin(), constant_functions.end(), *function) == constant_functions.end())
    return fmt::format("weight_function '{}' ({}); weights must be numbers", *function, table.place(row));
  const auto& receptor = table.text(row, "receptor_type");
  if (receptor && *receptor != excitatory && *receptor != inhibitory && *receptor != "0")
    return fmt::format("receptor_type '{}' ({}); expected {}, {} or 0, which leaves it to the sign of the weight",
                       *receptor, table.place(row), excitatory, inhibitory);
  return "";
}

int sign_of(const TypeTable& table, std::size_t row) {
  const auto& receptor = table.text(row, "receptor_type");
  return receptor == excitatory ? 1 : receptor == inhibitory ? -1 : 0;
}

}  // namespace

std::string why_misnamed(std::string_view name) {
  static const std::vector<std::string> known{"syn_weight", "delay", "nsyns", "dynamics_params", "receptor_type"};
  if (std::find(known.begin(), known.end(), name) != known.end()) return "";
  for (const std::string_view weight : {"weight", "weights"})
    if (name == weight) return fmt::format("'{}' is not read; weights are called syn_weight", name);
  if (name == "params_file") return "'params_file' is not read; files of parameters are called dynamics_params";
  const std::string near = did_you_mean(name, known);
  return near.empty() ? "" : fmt::format("'{}' is not read.{}", name, near);
}

EdgeTypes EdgeTypes::read(const std::string& path) {
  const TypeTable table = TypeTable::read(path);
  if (table.rows() == 0)
    throw RuntimeError(
        fmt::format("'{}' lists no edge types; leave the table out, or add the types of the edges", path));
  for (const auto& column : table.columns())
    if (const std::string why = why_misnamed(column); !why.empty())
      throw RuntimeError(fmt::format("'{}', column {}", path, why));
  EdgeTypes all;
  all.file_ = path;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    EdgeType type;
    const auto id = table.whole(row, "edge_type_id");
    if (!id)
      throw RuntimeError(
          fmt::format("{}: there is no edge_type_id; a table of edge types is expected", table.place(row)));
    type.id = *id;
    type.weight = table.number(row, "syn_weight");
    type.delay = table.number(row, "delay");
    type.nsyns = table.number(row, "nsyns");
    if (type.nsyns && *type.nsyns < 0.0)
      throw RuntimeError(fmt::format("{}: nsyns: must be at least 0, got {}", table.place(row), *type.nsyns));
    type.sign = sign_of(table, row);
    type.refused = why_refused(table, row);
    all.types_.push_back(std::move(type));
  }
  std::sort(all.types_.begin(), all.types_.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  const auto twice = std::adjacent_find(all.types_.begin(), all.types_.end(),
                                        [](const auto& a, const auto& b) { return a.id == b.id; });
  if (twice != all.types_.end()) throw RuntimeError(fmt::format("'{}' lists edge_type_id {} twice", path, twice->id));
  return all;
}

const EdgeType* EdgeTypes::find(std::int64_t id) const {
  const auto at =
      std::lower_bound(types_.begin(), types_.end(), id, [](const EdgeType& t, std::int64_t i) { return t.id < i; });
  return at != types_.end() && at->id == id ? &*at : nullptr;
}

bool EdgeTypes::matter(bool weights, bool delays, bool nsyns, bool signs) const {
  return std::any_of(types_.begin(), types_.end(), [&](const EdgeType& t) {
    return !t.refused.empty() || (weights && t.weight) || (delays && t.delay) || (nsyns && t.nsyns) ||
           (signs && t.sign != 0);
  });
}

}  // namespace ranvier
