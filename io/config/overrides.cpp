#include "io/config/overrides.hpp"

#include <algorithm>
#include <charconv>

#include "io/config/grammar.hpp"
#include "io/text/yaml.hpp"

namespace ranvier {
namespace {

constexpr std::size_t longest_path = 16;

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> steps;
  std::size_t start = 0;
  for (;;) {
    const auto dot = path.find('.', start);
    steps.push_back(path.substr(start, dot - start));
    if (dot == std::string::npos) return steps;
    start = dot + 1;
  }
}

/// What a step leads to; throws the reason where it leads nowhere.
struct BadPath {
  std::string reason;
};

YamlNode& step_into_list(YamlNode& list, const std::string& step) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc{} || end != step.data() + step.size())
    throw BadPath{fmt::format("'{}' is no position in a list (0 to {})", step, list.items.size() - 1)};
  if (index >= list.items.size())
    throw BadPath{fmt::format("position {} is not in the list, which has {} entries", index, list.items.size())};
  return list.items[index];
}

/// Names that a config defines: a path cannot add one, since that would hide a typing error.
bool must_exist(const std::string& parent) {
  return parent == grammar::variables.name || parent == grammar::populations.name;
}

YamlNode& step_into(YamlNode& node, const std::string& parent, bool top, const std::string& step, const Place& place) {
  if (node.is_list()) return step_into_list(node, step);
  if (node.is_scalar()) throw BadPath{fmt::format("'{}' is a value, there is no '{}' in it", parent, step)};
  if (YamlNode* found = node.find(step)) return *found;
  if (top && must_exist(parent)) {
    throw BadPath{fmt::format("no '{}' in '{}'{}", step, parent, hint_for(step, node.keys()))};
  }
  node.kind = YamlNode::Kind::map;
  node.entries.push_back({step, place, {}});
  node.entries.back().value.place = place;
  return node.entries.back().value;
}

void apply(YamlNode& root, const std::string& assignment, int source, Errors& errors) {
  const Place place{source, 1, 1};
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) return errors.add(place, "expected path.to.key=value");
  const auto steps = split_path(assignment.substr(0, equals));
  if (std::find(steps.begin(), steps.end(), "") != steps.end()) return errors.add(place, "the path has an empty step");
  if (steps.size() > longest_path) return errors.add(place, "the path has too many steps");
  const std::size_t before = errors.size();
  YamlNode value = parse_yaml(assignment.substr(equals + 1), source, errors);
  if (errors.size() > before) return;
  if (value.is_null()) return errors.add(place, "the value is missing");
  try {
    YamlNode* at = &root;
    std::string parent;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      at = &step_into(*at, parent, i == 1, steps[i], place);
      parent = steps[i];
    }
    *at = std::move(value);
  } catch (const BadPath& bad) {
    errors.add(place, bad.reason);
  }
}

}  // namespace

void apply_overrides(YamlNode& root, const std::vector<std::string>& set, Errors& errors) {
  for (std::size_t k = 0; k < set.size(); ++k) apply(root, set[k], static_cast<int>(k + 1), errors);
}

}  // namespace ranvier
