#include "io/config/differences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/error.hpp"
#include "io/text/quotes.hpp"
#include "io/text/yaml.hpp"

namespace ranvier {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;  // path, value

std::string scalar_text(const YamlNode& node) { return node.quoted ? in_quotes(node.text) : node.text; }

/// A list of values is one value; a list of maps is told map by map.
std::string value_text(const YamlNode& node) {
  if (node.is_scalar()) return scalar_text(node);
  if (node.is_map()) return "{}";
  if (!node.is_list()) return "";
  std::vector<std::string> items;
  items.reserve(node.items.size());
  for (const YamlNode& item : node.items) items.push_back(value_text(item));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

void flatten(const std::string& path, const YamlNode& node, Entries& entries) {
  const bool of_maps = node.is_list() && std::any_of(node.items.begin(), node.items.end(),
                                                     [](const YamlNode& item) { return item.is_map(); });
  if (of_maps)
    for (std::size_t i = 0; i < node.items.size(); ++i) flatten(fmt::format("{}[{}]", path, i), node.items[i], entries);
  else if (node.is_map() && !node.entries.empty())
    for (const auto& entry : node.entries)
      flatten(path.empty() ? entry.key : path + "." + entry.key, entry.value, entries);
  else
    entries.emplace_back(path, value_text(node));
}

Entries flatten(const std::string& text) {
  Errors errors("", {});
  const YamlNode root = parse_yaml(text, 0, errors);
  // What was printed by this program is YAML; anything else is compared as a whole.
  if (!errors.empty()) return {{"the text", text}};
  Entries entries;
  if (!root.is_null()) flatten("", root, entries);
  return entries;
}

const std::string* find(const Entries& entries, const std::string& path) {
  const auto it = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.first == path; });
  return it == entries.end() ? nullptr : &it->second;
}

}  // namespace

std::vector<std::string> config_differences(const std::string& one, const std::string& other) {
  std::vector<std::string> differences;
  if (one == other) return differences;
  const Entries a = flatten(one), b = flatten(other);
  for (const auto& [path, value] : a) {
    const std::string* theirs = find(b, path);
    if (theirs == nullptr || *theirs != value)
      differences.push_back(fmt::format("{}: {} / {}", path, value, theirs == nullptr ? "nothing" : *theirs));
  }
  for (const auto& [path, value] : b)
    if (find(a, path) == nullptr) differences.push_back(fmt::format("{}: nothing / {}", path, value));
  // What differs in nothing but order.
  if (differences.empty()) differences.push_back("the order of the entries");
  return differences;
}

}  // namespace ranvier
