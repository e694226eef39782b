#include "io/config/fields.hpp"

#include <algorithm>
#include <cmath>

#include "io/config/values.hpp"

namespace ranvier {
namespace {

std::optional<Value> read_field(Context& context, const YamlNode& node, const ModelInfo& model, const FieldInfo& field,
                                const Unit& unit) {
  Expected expected{field.name, unit, field.range, form_of(model, field)};
  if (belongs_to_projection(model)) expected.of = "all synapses of the projection";
  if (field.form == Form::flag) {
    const auto flag = read_flag(context, node, field.name);
    return flag ? std::optional<Value>(*flag ? 1.0 : 0.0) : std::nullopt;
  }
  if (field.form == Form::count) {
    const auto count = read_count(context, node, expected);
    return count ? std::optional<Value>(static_cast<double>(*count)) : std::nullopt;
  }
  return read_value(context, node, expected);
}

/// The name that all models have for it.
constexpr std::string_view refractory_time = "t_ref";

void check_order(Context& context, const YamlNode& node, const std::string& name, const std::vector<double>& times) {
  for (std::size_t i = 1; i < times.size(); ++i)
    if (times[i] < times[i - 1]) {
      context.error(node.items[i].place, "{}: must ascend, but {} ms follows {} ms", name, times[i], times[i - 1]);
      return;
    }
}

/// A list of times, a list of such lists (one per neuron), or a dataset.
void read_times(Context& context, const YamlNode& node, const FieldInfo& field, FieldValues& out) {
  if (is_dataset(node)) {
    out.times_file = read_dataset(context, node, field.name);
    return;
  }
  const Expected expected{field.name, field.unit, field.range, field.form};
  const auto read_list = [&](const YamlNode& list) {
    auto times = read_series(context, list, expected);
    if (times) check_order(context, list, field.name, *times);
    out.times.push_back(times.value_or(std::vector<double>{}));
  };
  out.times_per_neuron = node.is_list() && std::any_of(node.items.begin(), node.items.end(),
                                                       [](const YamlNode& n) { return n.is_list(); });
  if (!out.times_per_neuron) return read_list(node);
  for (const auto& list : node.items) read_list(list);
}

/// Steps of a current: one number for each time, times on the grid and distinct.
void check_steps(Context& context, const YamlNode& map, const FieldInfo& times, const FieldInfo& series,
                 const FieldValues& values) {
  if (values.times_file)
    return context.error(map.find(times.name)->place, "{}: expected a list, as {} is one, got a dataset", times.name,
                         series.name);
  const YamlNode* list = map.find(times.name);
  if (!list || !list->is_list() || values.times.size() != 1) return;
  const auto& t = values.times[0];
  if (t.size() != list->items.size()) return;  // an error has been reported
  const YamlNode* numbers = map.find(series.name);
  if (numbers && numbers->is_list() && numbers->items.size() != t.size())
    context.error(numbers->place, "{}: {} numbers for {} {}", series.name, numbers->items.size(), t.size(), times.name);
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (!on_grid(t[i], context.dt))
      context.error(list->items[i].place, "{}: must be whole steps of {} ms, got {} ms", times.name, context.dt, t[i]);
    if (i > 0 && t[i] == t[i - 1]) context.error(list->items[i].place, "{}: {} ms is listed twice", times.name, t[i]);
  }
}

/// Sources and inputs switch on the grid, and refractory times are counted in steps.
void check_grid(Context& context, const YamlNode& node, const FieldInfo& field, const ModelInfo& model,
                const Value& value) {
  const bool instant = field.form == Form::constant && field.unit.dimension == unit::ms.dimension &&
                       (model.kind == ModelKind::source || model.kind == ModelKind::input);
  const bool counted = model.kind == ModelKind::neuron && field.name == refractory_time && is_constant(value);
  if (!instant && !counted) return;
  if (on_grid(std::get<double>(value), context.dt)) return;
  context.error(node.place, "{}: must be a whole number of steps of {} ms, got {} ms", field.name, context.dt,
                std::get<double>(value));
}

const FieldInfo* field_of_form(const ModelInfo& model, Form form) {
  for (const auto& f : model.fields)
    if (f.form == form) return &f;
  return nullptr;
}

/// A parameter as the run will see it; nothing where it varies or the model leaves it open.
struct Known {
  double value;
  bool is_default;
};
std::optional<Known> known_value(const ValueMap& values, const FieldInfo& field) {
  if (const Value* value = find_value(values, field.name)) {
    if (!is_constant(*value)) return std::nullopt;
    return Known{std::get<double>(*value), false};
  }
  if (field.required || std::isnan(field.default_value)) return std::nullopt;
  return Known{field.default_value, true};
}

void check_constraint(Context& context, const YamlNode& map, const ModelInfo& model, const Constraint& c,
                      const ValueMap& values) {
  const FieldInfo *left = model.find(c.left), *right = model.find(c.right);
  if (!left || !right) return;
  const YamlNode *left_node = map.find(c.left), *right_node = map.find(c.right);
  const auto a = known_value(values, *left), b = known_value(values, *right);
  if (!a || !b || (!left_node && !right_node)) return;
  if (c.or_equal ? a->value <= b->value : a->value < b->value) return;
  const auto say = [](const Known& k, const FieldInfo& f) {
    return fmt::format("{} ({}{})", f.name, with_unit(k.value, f.unit), k.is_default ? ", the default" : "");
  };
  context.error((left_node ? left_node : right_node)->place, "{} must be {} {}", say(*a, *left),
                c.or_equal ? "at most" : "below", say(*b, *right));
}

}  // namespace

FieldValues read_fields(Context& context, const YamlNode& map, const ModelInfo& model, Role role,
                        const std::optional<UnitOf>& special) {
  FieldValues out;
  for (const auto& entry : map.entries) {
    const FieldInfo* field = model.find(entry.key);
    if (!field || field->role != role) continue;
    if (field->form == Form::times) {
      read_times(context, entry.value, *field, out);
    } else if (field->form == Form::series) {
      if (auto series = read_series(context, entry.value, {field->name, field->unit, field->range}))
        out.series = std::move(*series);
    } else {
      const bool is_special = special && special->name == field->name;
      if (auto value = read_field(context, entry.value, model, *field, is_special ? special->unit : field->unit)) {
        check_grid(context, entry.value, *field, model, *value);
        out.values.emplace_back(field->name, std::move(*value));
      }
    }
  }
  const FieldInfo *times = field_of_form(model, Form::times), *series = field_of_form(model, Form::series);
  if (times && series) check_steps(context, map, *times, *series, out);
  return out;
}

void check_field_names(Context& context, const YamlNode& map, const ModelInfo& model, Role role) {
  std::vector<std::string> known;
  for (const auto& field : model.fields)
    if (field.role == role) known.push_back(field.name);
  const std::string_view what = role == Role::state ? "state" : "parameter";
  for (const auto& entry : map.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    const std::string hint = known.empty() ? ", which has none" : hint_for(entry.key, known);
    context.error(entry.place, "unknown {} '{}' of '{}'{}", what, entry.key, model.name, hint);
  }
}

void check_parameters(Context& context, const Place& owner, const YamlNode* map, const ModelInfo& model,
                      const ValueMap& values) {
  for (const auto& field : model.fields)
    if (field.required && field.role == Role::parameter && !(map && map->find(field.name)))
      context.error(owner, "'{}' of '{}' is missing ({})", field.name, model.name, field.doc);
  if (!map) return;
  for (const auto& constraint : model.constraints) check_constraint(context, *map, model, constraint, values);
}

ValueMap with_defaults(const ModelInfo& model, const ValueMap& given) {
  ValueMap all;
  for (const FieldInfo& field : model.fields) {
    if (field.role != Role::parameter) continue;
    if (const Value* value = find_value(given, field.name))
      all.emplace_back(field.name, *value);
    else if (!field.required && std::isfinite(field.default_value))
      all.emplace_back(field.name, field.default_value);
  }
  return all;
}

}  // namespace ranvier
