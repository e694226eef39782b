#include "io/sonata/circuit/node_sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "core/base/error.hpp"
#include "core/base/suggest.hpp"
#include "io/files/guard.hpp"
#include "io/sonata/nodes/node_values.hpp"

namespace ranvier::sonata {
namespace {

constexpr std::string_view everything = "all";
constexpr std::uint64_t block = 1 << 20;
constexpr std::size_t deepest = 32, most_sets = 1000;

std::optional<double> as_number(const std::string& text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A number of a rule; true and false are 1 and 0, as datasets have them.
std::optional<double> as_number(const YamlNode& value) {
  if (value.quoted || !value.is_scalar()) return std::nullopt;
  if (value.text == "true") return 1.0;
  if (value.text == "false") return 0.0;
  return as_number(value.text);
}

/// In a table, true and false may be written as Python does.
std::optional<double> as_number_of_table(const std::string& text) {
  if (text == "True" || text == "true" || text == "TRUE") return 1.0;
  if (text == "False" || text == "false" || text == "FALSE") return 0.0;
  return as_number(text);
}

/// One value, or each of a list.
template <class Use>
void for_values(const Located& rule, Use use) {
  if (!rule.node->is_list()) return use(*rule.node);
  for (const auto& item : rule.node->items) use(item);
}

/// Numbers are the same in whatever way they are written; older files call point neurons point processes.
bool same(const YamlNode& wanted, const std::string& text, bool of_model_type) {
  if (!wanted.is_scalar()) return false;
  const auto is_point = [](const std::string& t) { return t == "point_neuron" || t == "point_process"; };
  if (wanted.text == text || (of_model_type && is_point(wanted.text) && is_point(text))) return true;
  const auto a = as_number(wanted), b = as_number_of_table(text);
  return a && b && *a == *b;
}

/// All neurons of the population of nodes, as the readers of nodes want it.
NodesConfig all_nodes(const NodeTypes& types) {
  return {types.sources().file, types.sources().population, types.summary().size, {}, "", "", ""};
}

/// Calls use(first node, values) for the numbers of all nodes, in a child process; the members that it keeps come back.
std::vector<bool> in_child(const std::string& what, const std::vector<bool>& members,
                           const std::function<void(std::vector<bool>&)>& filter) {
  const std::string kept = guard::run(what, [&] {
    std::vector<bool> own = members;
    filter(own);
    std::string bytes(own.size(), '0');
    for (std::size_t i = 0; i < own.size(); ++i) bytes[i] = own[i] ? '1' : '0';
    return bytes;
  });
  std::vector<bool> result(kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) result[i] = kept[i] == '1';
  return result;
}

/// The numbers of one kind of value, block by block.
template <class Use>
void for_numbers(const NodeTypes& types, const NodeValues& values, Use use) {
  const NodesConfig nodes = all_nodes(types);
  const NodeIds ids(nodes.size);
  for (std::uint64_t first = 0; first < nodes.size; first += block)
    use(first, NodeShare(nodes, ids, first, std::min(block, nodes.size - first))(values));
}

NodeValues type_ids(const NodeTypes& types) {
  NodeValues values;
  for (const auto& [type, count] : types.summary().types) values.by_type.emplace_back(type, static_cast<double>(type));
  return values;
}

}  // namespace

std::string Selection::ids() const {
  std::string text;
  for (const auto& [first, end] : neurons) text += fmt::format("{}{}-{}", text.empty() ? "" : ", ", first, end - 1);
  return text;
}

NodeSets::NodeSets(JsonFiles& json, const Network& network) : json_(json), network_(network) {
  for (const Located& inline_sets : json.sections("node_sets"))
    files_.push_back(inline_sets.node->is_map() ? inline_sets : json.read(inline_sets));
  for (const Located& path : json.sections("node_sets_file")) files_.push_back(json.read(path));
  for (const Located& file : files_)
    if (file && !file.node->is_map())
      json.mistake(file, fmt::format("node sets: expected a map, got {}", what_is(*file.node)));
  std::erase_if(files_, [](const Located& file) { return !file || !file.node->is_map(); });
  for (const Located& file : files_)
    for (const auto& entry : file.node->entries)
      if (!entry.value.is_null()) by_name_.emplace(entry.key, Located{file.file, &entry.value});
}

Located NodeSets::find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? Located{} : found->second;
}

std::vector<std::string> NodeSets::names() const {
  std::vector<std::string> all;
  for (const Located& file : files_)
    for (const auto& entry : file.node->entries) all.push_back(entry.key);
  for (const NodeTypes& types : network_.types) all.push_back(types.summary().population);
  return all;
}

std::vector<Selection> NodeSets::select(const Located& reference) {
  std::vector<Selection> selected;
  for (const NodeTypes& types : network_.types) {
    Members members(types.summary().size, false);
    std::vector<std::string> open;
    looked_at_ = 0;
    try {
      add_members(reference, types, members, open);
      const bool all = std::all_of(members.begin(), members.end(), [](bool m) { return m; });
      const bool none = std::none_of(members.begin(), members.end(), [](bool m) { return m; });
      for (const CircuitPopulation& p : network_.populations) {
        if (p.types != &types || none) continue;
        Selection selection{&p, all, {}};
        if (!all) {
          std::uint64_t neuron = 0;
          const auto add = [&](bool member) {
            auto& ranges = selection.neurons;
            if (member && !ranges.empty() && ranges.back().second == neuron)
              ++ranges.back().second;
            else if (member)
              ranges.emplace_back(neuron, neuron + 1);
            ++neuron;
          };
          if (p.whole)
            for (const bool member : members) add(member);
          else
            for_numbers(types, type_ids(types), [&](std::uint64_t first, const std::vector<double>& ids) {
              for (std::size_t i = 0; i < ids.size(); ++i)
                if (std::binary_search(p.kind->types.begin(), p.kind->types.end(), static_cast<std::int64_t>(ids[i])))
                  add(members[first + i]);
            });
          selection.all = selection.neurons.size() == 1 && selection.neurons[0].first == 0 &&
                          selection.neurons[0].second == p.kind->size;
        }
        if (selection.all || !selection.neurons.empty()) selected.push_back(std::move(selection));
      }
    } catch (const std::runtime_error& error) {
      json_.mistake(reference, error.what());
    }
  }
  return selected;
}

void NodeSets::add_members(const Located& set, const NodeTypes& types, Members& members,
                           std::vector<std::string>& open) {
  if (open.size() > deepest) return json_.mistake(set, "the chain of node sets that refer to each other is too long");
  // Sets that name others twice could double the work at every link of a chain.
  if (++looked_at_ > most_sets) return json_.mistake(set, fmt::format("consists of more than {} node sets", most_sets));
  if (set.node->is_scalar() && set.node->quoted) return add_by_name(set, set.node->text, types, members, open);
  if (set.node->is_list()) {
    for (const auto& item : set.node->items) add_members({set.file, &item}, types, members, open);
    return;
  }
  if (!set.node->is_map()) return json_.mistake(set, fmt::format("expected a node set, got {}", what_is(*set.node)));
  const Members matched = matching(set, types);
  for (std::size_t i = 0; i < matched.size(); ++i) members[i] = members[i] || matched[i];
}

void NodeSets::add_by_name(const Located& reference, const std::string& name, const NodeTypes& types, Members& members,
                           std::vector<std::string>& open) {
  if (std::find(open.begin(), open.end(), name) != open.end())
    return json_.mistake(reference, fmt::format("node set '{}' contains itself", name));
  if (const Located set = find(name)) {
    open.push_back(name);
    add_members(set, types, members, open);
    open.pop_back();
    return;
  }
  if (name == everything || name == types.summary().population) {
    members.assign(members.size(), true);
    return;
  }
  const bool is_other = std::any_of(network_.types.begin(), network_.types.end(),
                                    [&](const NodeTypes& t) { return t.summary().population == name; });
  if (is_other) return;
  if (const auto known = names(); std::find(known.begin(), known.end(), name) == known.end())
    json_.mistake(reference, fmt::format("there is no node set '{}'.{}", name, did_you_mean(name, known)));
}

/// Nodes to which all rules apply.
NodeSets::Members NodeSets::matching(const Located& rules, const NodeTypes& types) {
  Members members(types.summary().size, true);
  for (const auto& entry : rules.node->entries) {
    const Located rule{rules.file, &entry.value};
    bool plain = !entry.value.is_map();
    for_values(rule, [&](const YamlNode& value) { plain = plain && value.is_scalar(); });
    if (!plain) {
      json_.mistake(rule, fmt::format("node sets: '{}': expected a value or a list of values", entry.key));
      return Members(members.size(), false);
    }
    keep(rules, rule, entry.key, types, members);
  }
  return members;
}

/// Nodes of the largest population that rules can be about: of all, unless they name some.
std::uint64_t NodeSets::largest_population(const Located& rules) const {
  const YamlNode* named = rules.node->find("population");
  std::uint64_t largest = 0;
  for (const NodeTypes& types : network_.types) {
    bool counts = named == nullptr;
    if (named != nullptr)
      for_values({rules.file, named},
                 [&](const YamlNode& value) { counts = counts || value.text == types.summary().population; });
    if (counts) largest = std::max(largest, types.summary().size);
  }
  return largest;
}

void NodeSets::keep(const Located& rules, const Located& rule, const std::string& attribute, const NodeTypes& types,
                    Members& members) {
  const auto any = [&](auto matches) {
    bool found = false;
    for_values(rule, [&](const YamlNode& value) { found = found || matches(value); });
    return found;
  };
  if (attribute == "population") {
    if (!any([&](const YamlNode& value) { return value.text == types.summary().population; }))
      members.assign(members.size(), false);
    return;
  }
  if (attribute == "node_id") return keep_ids(rule, largest_population(rules), members);
  NodeValues datasets;
  for (const auto& [id, group] : types.summary().groups)
    if (std::find(group.attributes.begin(), group.attributes.end(), attribute) != group.attributes.end())
      datasets.by_group.emplace_back(id, types.summary().group(id) + "/" + attribute);
  // By type first: whether each matches, 1 or 0; numbers of the nodes' own count instead where there are some.
  const auto& columns = types.table().columns();
  const bool by_type =
      attribute == "node_type_id" || std::find(columns.begin(), columns.end(), attribute) != columns.end();
  if (!by_type && datasets.by_group.empty()) {
    if (!is_attribute_of_any(attribute))
      json_.mistake(rule, fmt::format("node sets: no population has the attribute '{}'.{}", attribute,
                                      did_you_mean(attribute, attributes())));
    members.assign(members.size(), false);
    return;
  }
  NodeValues matches;
  for (const auto& [type, count] : types.summary().types) {
    const std::string* text = types.table().find(type, attribute);
    const bool match =
        text && any([&](const YamlNode& value) { return same(value, *text, attribute == "model_type"); });
    matches.by_type.emplace_back(type, match ? 1.0 : 0.0);
    datasets.by_type.emplace_back(type, std::numeric_limits<double>::quiet_NaN());
  }
  const std::string what = fmt::format("cannot read '{}' of the nodes of '{}'", attribute, types.sources().file);
  members = in_child(what, members, [&](Members& own) {
    Members matched(own.size());
    for_numbers(types, matches, [&](std::uint64_t first, const std::vector<double>& values) {
      for (std::size_t i = 0; i < values.size(); ++i) matched[first + i] = values[i] != 0.0;
    });
    if (!datasets.by_group.empty())
      for_numbers(types, datasets, [&](std::uint64_t first, const std::vector<double>& values) {
        for (std::size_t i = 0; i < values.size(); ++i)
          if (!std::isnan(values[i]))
            matched[first + i] = any([&](const YamlNode& value) { return as_number(value) == values[i]; });
      });
    for (std::size_t i = 0; i < own.size(); ++i) own[i] = own[i] && matched[i];
  });
}

void NodeSets::keep_ids(const Located& rule, std::uint64_t size, Members& members) {
  Members listed(members.size(), false);
  for_values(rule, [&](const YamlNode& value) {
    const auto id = value.quoted ? std::nullopt : as_number(value.text);
    if (!id || *id < 0.0 || *id != std::floor(*id))
      json_.mistake({rule.file, &value},
                    fmt::format("node_id: expected whole numbers from 0 on, got {}", what_is(value)));
    else if (size > 0 && *id >= static_cast<double>(size))
      json_.mistake({rule.file, &value},
                    fmt::format("node_id: there is no node {}; the last is {}", value.text, size - 1));
    else if (*id < static_cast<double>(members.size()))
      listed[static_cast<std::size_t>(*id)] = true;
  });
  for (std::size_t i = 0; i < members.size(); ++i) members[i] = members[i] && listed[i];
}

bool NodeSets::is_attribute_of_any(const std::string& attribute) const {
  const auto all = attributes();
  return std::find(all.begin(), all.end(), attribute) != all.end();
}

std::vector<std::string> NodeSets::attributes() const {
  std::vector<std::string> all{"population", "node_id", "node_type_id"};
  for (const NodeTypes& types : network_.types) {
    const auto& columns = types.table().columns();
    all.insert(all.end(), columns.begin(), columns.end());
    for (const auto& [id, group] : types.summary().groups)
      all.insert(all.end(), group.attributes.begin(), group.attributes.end());
  }
  return all;
}

}  // namespace ranvier::sonata
