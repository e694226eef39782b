#pragma once
#include <optional>
#include <string>
#include <vector>

#include "io/config/context.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// What a config gives for the fields of a model.
struct FieldValues {
  ValueMap values;
  std::vector<std::vector<double>> times;  ///< Form::times; one list, or one per neuron
  bool times_per_neuron = false;
  std::optional<Dataset> times_file;
  std::vector<double> series;  ///< Form::series
};

/// Units that the catalogue cannot know: of a field named `name` the unit is `unit`.
struct UnitOf {
  std::string name;
  Unit unit;
};

/// A projection has one rule and one model of synapses, whose parameters are the same for all its synapses.
inline bool belongs_to_projection(const ModelInfo& model) {
  return model.kind == ModelKind::rule || model.kind == ModelKind::synapse;
}

/// How a parameter or state may be written.
inline Form form_of(const ModelInfo& model, const FieldInfo& field) {
  return belongs_to_projection(model) && field.form == Form::quantity ? Form::constant : field.form;
}

/// Reads those entries of `map` that are fields of `model` in the given role; others are not looked at.
FieldValues read_fields(Context&, const YamlNode& map, const ModelInfo& model, Role role,
                        const std::optional<UnitOf>& special = {});

/// Adds an error for every entry of `map` that is no field of the model in this role.
void check_field_names(Context&, const YamlNode& map, const ModelInfo& model, Role role);

/// Adds errors for required parameters that are missing (at `owner`) and for parameters that contradict each other.
void check_parameters(Context&, const Place& owner, const YamlNode* map, const ModelInfo& model,
                      const ValueMap& values);

/// All parameters of the model in its own order: those given, and the defaults of the others where they have one.
ValueMap with_defaults(const ModelInfo& model, const ValueMap& given);

}  // namespace ranvier
