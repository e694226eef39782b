#include "core/estimate/resolution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/units.hpp"
#include "io/config/populations.hpp"
#include "io/config/values.hpp"

namespace ranvier {

namespace {

constexpr double fewest_steps = 5.0;

double typical(const Distribution& d) {
  const double factor = d.unit_factor;
  switch (d.kind) {
    case Distribution::Kind::lognormal: return factor * std::exp(d.a);
    case Distribution::Kind::gamma: return d.a * d.b;
    default: return d.a;
  }
}

/// Nothing where the config does not say it.
std::optional<double> value_of(const FieldInfo& field, const ValueMap& params) {
  const Value* value = find_value(params, field.name);
  if (value == nullptr) return field.required ? std::nullopt : std::optional(field.default_value);
  if (const double* constant = std::get_if<double>(value)) return *constant;
  if (const auto* distribution = std::get_if<Distribution>(value)) return typical(*distribution);
  if (const auto* nodes = std::get_if<NodeValues>(value); nodes && !nodes->by_type.empty()) {
    const auto least = std::min_element(nodes->by_type.begin(), nodes->by_type.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
    return least->second;
  }
  return std::nullopt;
}

void look_for_short_times(const ModelInfo& model, const ValueMap& params, double dt, const std::string& owner,
                          std::vector<std::string>& texts) {
  constexpr double rounding = 1e-9;
  for (const FieldInfo& field : model.fields) {
    if (field.role != Role::parameter || !field.name.starts_with("tau") || field.unit.dimension != unit::ms.dimension)
      continue;
    const auto value = value_of(field, params);
    if (value && *value < fewest_steps * dt * (1.0 - rounding))
      texts.push_back(fmt::format(
          "{}: {} is {}, {:.2g} steps of {}; with fewer than {} steps to a time constant results "
          "depend on dt (README, \"Accuracy\"); use a smaller dt",
          owner, field.name, with_unit(*value, field.unit), *value / dt, with_unit(dt, unit::ms), fewest_steps));
  }
}

/// Why not all refractory times are whole steps; empty where they are, or where the model counts none.
std::string why_rounded(const ModelInfo& model, const ValueMap& params, double dt) {
  const FieldInfo* field = model.find("t_ref");
  if (field == nullptr) return "";
  const auto off_grid = [&](double value, std::string_view which) {
    return on_grid(value, dt) ? "" : fmt::format("t_ref is {}{}", with_unit(value, field->unit), which);
  };
  const Value* value = find_value(params, field->name);
  if (value == nullptr) return off_grid(field->default_value, ", the default");
  if (const double* constant = std::get_if<double>(value)) return off_grid(*constant, "");
  if (std::holds_alternative<Distribution>(*value)) return "t_ref is drawn";
  const auto* nodes = std::get_if<NodeValues>(value);
  if (nodes == nullptr || !nodes->by_group.empty()) return "t_ref is read from a file";
  for (const auto& [type, number] : nodes->by_type)
    if (std::string why = off_grid(number, fmt::format(" for node type {}", type)); !why.empty()) return why;
  return "";
}

}  // namespace

std::vector<std::string> time_step_warnings(const Config& config, const Catalogue& catalogue) {
  std::vector<std::string> texts;
  for (const PopulationConfig& p : config.populations) {
    const ModelInfo& neuron = model_of(p, catalogue);
    if (const std::string why = why_rounded(neuron, p.params, config.dt); !why.empty())
      texts.push_back(fmt::format("population {}: {}; refractory times are rounded to whole steps of {}", p.name, why,
                                  with_unit(config.dt, unit::ms)));
    if (neuron.receptors != ReceptorPolicy::composed) continue;
    look_for_short_times(neuron, p.params, config.dt, fmt::format("population {}", p.name), texts);
    for (const ReceptorConfig& r : p.receptors)
      look_for_short_times(*catalogue.find(ModelKind::receptor, r.model), r.params, config.dt,
                           fmt::format("population {}, receptor {}", p.name, r.name), texts);
  }
  return texts;
}

}  // namespace ranvier
