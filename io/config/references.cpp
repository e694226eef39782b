#include "io/config/references.hpp"

#include "io/config/fields.hpp"
#include "io/config/sections.hpp"
#include "io/config/values.hpp"

namespace ranvier {
namespace {

const ModelInfo* model_named(Context& context, const YamlNode& name, const grammar::Key& key,
                             const grammar::Section& section) {
  const auto known = model_names(context.catalogue, section.kind);
  const auto text = read_choice(context, name, std::string(key.name), std::string(section.word), known);
  return text ? context.catalogue.find(section.kind, *text) : nullptr;
}

}  // namespace

const ModelInfo* read_model(Context& context, const YamlNode& map, const grammar::Section& section) {
  const YamlNode* name = map.is_map() ? find(map, *section.selects) : nullptr;
  const ModelInfo* model = name ? model_named(context, *name, *section.selects, section) : nullptr;
  return check_section(context, map, section, model) ? model : nullptr;
}

NamedModel read_named_model(Context& context, const YamlNode& node, const grammar::Key& key) {
  if (node.is_map()) return {read_model(context, node, *key.section), &node};
  return {model_named(context, node, key, *key.section), nullptr};
}

ModelReference read_parameters(Context& context, const Place& owner, const YamlNode* map, const ModelInfo& model) {
  ModelReference reference{model.name};
  if (map) reference.params = read_fields(context, *map, model, Role::parameter).values;
  check_parameters(context, owner, map, model, reference.params);
  return reference;
}

}  // namespace ranvier
