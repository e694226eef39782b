#include "io/config/schema.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <nlohmann/json.hpp>

#include "io/config/distributions.hpp"
#include "io/config/fields.hpp"
#include "io/config/grammar.hpp"
#include "io/config/sections.hpp"
#include "io/config/values.hpp"

namespace ranvier {
namespace {

using Json = nlohmann::ordered_json;
using grammar::Shape;

Json reference(const std::string& definition) { return {{"$ref", "#/definitions/" + definition}}; }
Json text() { return {{"type", "string"}, {"minLength", 1}}; }
Json name_pattern() { return {{"type", "string"}, {"pattern", "^[A-Za-z_][A-Za-z0-9_-]{0,63}$"}}; }
Json closed_map(Json properties) {
  return {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

/// A number as it may be written: 20, "20 ms", "2 * tau".
Json number() { return {{"type", Json::array({"number", "string"})}}; }

std::string with_doc(std::string_view doc, const Unit& unit) {
  return unit.symbol.empty() ? std::string(doc) : fmt::format("{}; in {} unless a unit is given", doc, unit.symbol);
}

Json enumeration(const std::vector<std::string>& names) {
  if (names.empty()) return text();
  return {{"type", "string"}, {"enum", names}};
}

class SchemaBuilder {
 public:
  explicit SchemaBuilder(const Catalogue& catalogue) : catalogue_(catalogue) {}

  Json build() {
    Json root = section(grammar::config_section);
    Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "Ranvier network"}};
    schema.update(root);
    schema["definitions"] = {{"number", number()},
                             {"dataset", dataset()},
                             {"distribution", distribution()},
                             {"value", value()},
                             {"ids", ids()}};
    return schema;
  }

 private:
  static Json dataset() {
    Json properties = Json::object();
    for (const auto& key : grammar::dataset_section.keys)
      properties[std::string(key.name)] = {{"type", "string"}, {"pattern", ".:/."}, {"description", key.doc}};
    Json map = closed_map(properties);
    map["required"] = required(grammar::dataset_section);
    return map;
  }

  static Json ids() {
    const Json one = {{"type", Json::array({"integer", "string"})}, {"minimum", 0}, {"pattern", "^[0-9, -]+$"}};
    return {{"anyOf", Json::array({one, {{"type", "array"}, {"items", one}, {"minItems", 1}}})}};
  }

  static Json distribution() {
    Json alternatives = Json::array();
    for (const auto& s : grammar::spellings) {
      Json arguments = Json::object();
      Json needed = Json::array({s.first});
      arguments[std::string(s.first)] = reference("number");
      if (!s.second.empty()) {
        arguments[std::string(s.second)] = reference("number");
        needed.push_back(s.second);
      }
      for (const auto bound : {grammar::bound_min, grammar::bound_max})
        arguments[std::string(bound)] = reference("number");
      Json inner = closed_map(arguments);
      inner["required"] = needed;
      inner["description"] = s.doc;
      Json outer = closed_map(Json{{std::string(s.name), inner}});
      outer["required"] = Json::array({s.name});
      alternatives.push_back(outer);
    }
    return {{"anyOf", alternatives}};
  }

  static Json value() {
    return {{"anyOf", Json::array({reference("number"), reference("distribution"), reference("dataset")})}};
  }

  static Json required(const grammar::Section& section) {
    Json names = Json::array();
    for (const auto& key : section.keys)
      if (key.required && key.only_of.empty()) names.push_back(key.name);
    return names;
  }

  /// A map with the keys of the table, and those of the model that one of them selects.
  Json section(const grammar::Section& s) {
    Json properties = Json::object();
    for (const auto& key : s.keys) properties[std::string(key.name)] = property(s, key);
    Json map = Json::object();
    if (s.selects) add_selected_fields(s, properties, map);
    Json result = closed_map(properties);
    result["description"] = s.doc;
    result.update(map);
    // `like` may bring what is required of a population.
    const bool completed = std::find(s.keys.begin(), s.keys.end(), grammar::like) != s.keys.end();
    const Json needed = required(s);
    if (completed) {
      result["anyOf"] =
          Json::array({Json{{"required", needed}}, Json{{"required", Json::array({grammar::like.name})}}});
      result["allOf"] = population_conditions();
    } else if (!needed.empty()) {
      result["required"] = needed;
    }
    return result;
  }

  Json property(const grammar::Section& owner, const grammar::Key& key) {
    Json p = shape(owner, key);
    p["description"] = with_doc(key.doc, key.unit);
    // Siblings of $ref are ignored in draft-07.
    if (!p.contains("$ref")) return p;
    return {{"allOf", Json::array({Json{{"$ref", p["$ref"]}}})}, {"description", p["description"]}};
  }

  Json shape(const grammar::Section& owner, const grammar::Key& key) {
    switch (key.shape) {
      case Shape::text: return text();
      case Shape::new_name: return name_pattern();
      case Shape::file_name: return {{"type", "string"}, {"pattern", R"(^[A-Za-z0-9_][A-Za-z0-9._-]*\.h5$)"}};
      case Shape::name: return name_of(owner, key);
      case Shape::model:
        return {
            {"anyOf", Json::array({enumeration(model_names(catalogue_, key.section->kind)), section(*key.section)})}};
      case Shape::names:
        return {{"anyOf", Json::array({text(), Json{{"type", "array"}, {"items", text()}, {"uniqueItems", true}}})}};
      case Shape::number:
      case Shape::count: return reference("number");
      case Shape::seed: return {{"type", Json::array({"integer", "string"})}, {"minimum", 0}};
      case Shape::value: return reference("value");
      case Shape::flag: return {{"type", "boolean"}};
      case Shape::choice: return enumeration({key.choices.begin(), key.choices.end()});
      case Shape::ids: return reference("ids");
      case Shape::variables:
        return {{"type", "object"},
                {"propertyNames", {{"pattern", "^[A-Za-z_][A-Za-z0-9_]*$"}}},
                {"additionalProperties", reference("number")}};
      case Shape::params:
      case Shape::init: return {{"type", "object"}};
      case Shape::section: return section(*key.section);
      case Shape::sections: return {{"type", "array"}, {"items", section(*key.section)}};
      case Shape::by_name:
        return {{"type", "object"}, {"propertyNames", name_pattern()}, {"additionalProperties", named_thing(key)}};
    }
    return Json::object();
  }

  /// A population is of one of two kinds, by what it says first.
  Json named_thing(const grammar::Key& key) {
    if (!(key == grammar::populations)) return section(*key.section);
    return {{"if", {{"type", "object"}, {"required", Json::array({grammar::sonata.name})}}},
            {"then", section(grammar::nodes_section)},
            {"else", section(grammar::population_section)}};
  }

  Json name_of(const grammar::Section& owner, const grammar::Key& key) {
    if (owner.selects && key == *owner.selects) return enumeration(model_names(catalogue_, owner.kind));
    if (!(key == grammar::model)) return text();
    auto names = model_names(catalogue_, ModelKind::neuron);
    for (const auto& name : model_names(catalogue_, ModelKind::source)) names.push_back(name);
    return enumeration(names);
  }

  /// Receptors and inputs have the units of the neuron that they act on.
  static Json field(const ModelInfo& model, const FieldInfo& f) {
    const bool of_neuron = model.kind == ModelKind::receptor || model.kind == ModelKind::input;
    Json p;
    switch (form_of(model, f)) {
      case Form::quantity: p = value(); break;
      case Form::constant:
      case Form::count: p = number(); break;
      case Form::flag: p = {{"type", "boolean"}}; break;
      case Form::times: p = {{"anyOf", Json::array({Json{{"type", "array"}}, reference("dataset")})}}; break;
      case Form::series: p = {{"type", "array"}, {"items", reference("number")}}; break;
    }
    std::string doc = with_doc(f.doc, f.unit);
    if (of_neuron && has_unit_of_neuron(f)) doc += " (densities and plain numbers on neurons that have them)";
    if (!f.range.unbounded()) doc += fmt::format("; {}", describe(f.range, f.unit));
    const bool has_default =
        !f.required && std::isfinite(f.default_value) && f.form != Form::times && f.form != Form::series;
    if (has_default) doc += fmt::format("; {} by default", with_unit(f.default_value, f.unit));
    p["description"] = doc;
    return p;
  }

  /// All fields of all models of the kind, and for each model which of them it has.
  void add_selected_fields(const grammar::Section& s, Json& properties, Json& map) {
    Json conditions = Json::array();
    for (const auto& model : catalogue_.models) {
      if (model.kind != s.kind) continue;
      Json names = Json::array(), needed = Json::array(), own = Json::object();
      for (const auto& key : s.keys) {
        if (key.belongs_to(model.name)) names.push_back(key.name);
        if (key.required && key.only_of == model.name) needed.push_back(key.name);
      }
      for (const auto& f : model.fields) {
        if (f.role != Role::parameter) continue;
        if (!properties.contains(f.name)) properties[f.name] = Json::object();
        names.push_back(f.name);
        own[f.name] = field(model, f);
        if (f.required) needed.push_back(f.name);
      }
      Json then = {{"propertyNames", {{"enum", names}}}};
      if (!own.empty()) then["properties"] = own;
      if (!needed.empty()) then["required"] = needed;
      conditions.push_back(condition(*s.selects, model, then));
    }
    if (s.selects->shape == Shape::model) conditions.push_back(model_in_a_map(s));
    if (!conditions.empty()) map["allOf"] = conditions;
  }

  /// Where the model is given as a map, its fields are in there.
  static Json model_in_a_map(const grammar::Section& s) {
    const std::string selects(s.selects->name);
    Json names = Json::array();
    for (const auto& key : s.keys)
      if (key.only_of.empty()) names.push_back(key.name);
    return {{"if", {{"properties", {{selects, {{"type", "object"}}}}}, {"required", Json::array({selects})}}},
            {"then", {{"propertyNames", {{"enum", names}}}}}};
  }

  static Json condition(const grammar::Key& key, const ModelInfo& model, const Json& then) {
    const std::string name(key.name);
    return {{"if", {{"properties", {{name, {{"const", model.name}}}}}, {"required", Json::array({name})}}},
            {"then", then}};
  }

  /// Which parameters and states belong to the model that a population names itself.
  Json population_conditions() const {
    Json conditions = Json::array();
    for (const auto& model : catalogue_.models) {
      if (model.kind != ModelKind::neuron && model.kind != ModelKind::source) continue;
      Json params = Json::object(), init = Json::object();
      for (const auto& f : model.fields) {
        if (f.role == Role::parameter) params[f.name] = field(model, f);
        if (f.role == Role::state) init[f.name] = field(model, f);
      }
      Json states = closed_map(init);
      // States of receptors, `receptor.state`: which there are is for the reader to say.
      if (model.receptors == ReceptorPolicy::composed)
        states["patternProperties"] = {{R"(^[A-Za-z_][A-Za-z0-9_-]*\.[A-Za-z_]+$)", value()}};
      Json then = {
          {"properties",
           {{std::string(grammar::params.name), closed_map(params)}, {std::string(grammar::init.name), states}}}};
      then["properties"][std::string(grammar::integrator.name)] =
          model.integrators.empty() ? Json(false) : enumeration(model.integrators);
      conditions.push_back(condition(grammar::model, model, then));
    }
    return conditions;
  }

  const Catalogue& catalogue_;
};

}  // namespace

std::string json_schema(const Catalogue& catalogue) { return SchemaBuilder(catalogue).build().dump(2) + "\n"; }

}  // namespace ranvier
