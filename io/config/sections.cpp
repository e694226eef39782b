#include "io/config/sections.hpp"

#include <algorithm>

#include "core/base/suggest.hpp"
#include "io/config/values.hpp"

namespace ranvier {
namespace {

void add_parameters(const ModelInfo& model, std::vector<std::string>& names) {
  for (const auto& field : model.fields)
    if (field.role == Role::parameter && std::find(names.begin(), names.end(), field.name) == names.end())
      names.push_back(field.name);
}

std::vector<std::string> known_keys(const Catalogue& catalogue, const grammar::Section& section,
                                    const ModelInfo* model) {
  std::vector<std::string> names;
  for (const auto& key : section.keys)
    if (model ? key.belongs_to(model->name) : section.selects || key.only_of.empty()) names.emplace_back(key.name);
  if (model) add_parameters(*model, names);
  if (!model && section.selects)
    for (const auto& m : catalogue.models)
      if (m.kind == section.kind) add_parameters(m, names);
  return names;
}

}  // namespace

bool check_section(Context& context, const YamlNode& node, const grammar::Section& section, const ModelInfo* model,
                   const std::function<std::string(const std::string& key)>& hint) {
  if (!node.is_map()) {
    context.error(node.place, "expected a map for {}, got {}", section.name, what_is(node));
    return false;
  }
  const auto known = known_keys(context.catalogue, section, model);
  for (const auto& entry : node.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    const std::string where = model ? fmt::format("{} ({})", section.name, model->name) : std::string(section.name);
    const std::string special = hint ? hint(entry.key) : "";
    context.error(entry.place, "unknown key '{}' in {}{}", entry.key, where,
                  special.empty() ? hint_for(entry.key, known) : special);
  }
  for (const auto& key : section.keys)
    if (key.required && key.belongs_to(model ? model->name : "") && !find(node, key))
      context.error(node.place, "'{}' is missing in {}", key.name, section.name);
  return true;
}

bool check_new_name(Context& context, const Place& place, const std::string& name, const std::string& what) {
  constexpr std::size_t longest = 64;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const bool good =
      !name.empty() && name.size() <= longest && letter(name[0]) &&
      std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; });
  if (!good)
    context.error(place,
                  "'{}' is not a valid name for {} (letters, digits, '_' and '-', starting with a letter, at most {})",
                  name, what, longest);
  return good;
}

std::string hint_for(std::string_view text, const std::vector<std::string>& known) {
  const std::string near = did_you_mean(text, known);
  if (!near.empty()) return "." + near;
  constexpr std::size_t few = 20;
  if (known.empty() || known.size() > few) return "";
  return fmt::format(". Known: {}", fmt::join(known, ", "));
}

std::vector<std::string> model_names(const Catalogue& catalogue, ModelKind kind) {
  std::vector<std::string> names;
  for (const auto& m : catalogue.models)
    if (m.kind == kind) names.push_back(m.name);
  return names;
}

}  // namespace ranvier
