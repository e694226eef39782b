#include "io/sonata/nodes/node_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/error.hpp"
#include "core/base/suggest.hpp"
#include "io/text/json.hpp"
#include "io/text/text_file.hpp"

namespace ranvier::sonata {
namespace {

constexpr std::size_t largest_table = 64'000'000, largest_parameters = 1'000'000;

/// What `only` lets pass; a bound far below all potentials is none.
bool is_only_value(const TemplateField& field, double value) {
  constexpr double far_below = -1e9;
  return std::isinf(field.value) ? value <= far_below : value == field.value;
}

std::string unknown_parameter(const std::string& name, const NodeTemplate& model) {
  std::vector<std::string> known;
  for (const auto& field : model.fields)
    if (field.part != Part::only && field.part != Part::unused) known.emplace_back(field.nest);
  const std::string near = did_you_mean(name, known);
  const std::string hint = !near.empty()   ? "." + near
                           : known.empty() ? ", which has none"
                                           : fmt::format(". Known: {}", fmt::join(known, ", "));
  return fmt::format("'{}' is not a supported parameter of nest:{}{}", name, model.name, hint);
}

double number_of(const YamlNode& node) {
  if (node.text == "true") return 1.0;
  if (node.text == "false") return 0.0;
  return std::strtod(node.text.c_str(), nullptr);
}

/// Parameters of one node type, by NEST's names.
std::map<std::string, double> read_parameters(FileFacts& facts, const std::string& path, const NodeTemplate& model) {
  const YamlNode root = parse_json(facts.text(path, largest_parameters), path);
  const auto fail = [&](const Place& at, const std::string& what) {
    throw UsageError(fmt::format("{}:{}:{}: {}", path, at.line, at.column, what));
  };
  if (!root.is_map()) fail(root.place, "expected a map of parameters, got " + what_is(root));
  std::map<std::string, double> values;
  for (const auto& entry : root.entries) {
    const TemplateField* field = model.find(entry.key);
    if (!field) fail(entry.place, unknown_parameter(entry.key, model));
    if (!entry.value.is_scalar() || entry.value.quoted)
      fail(entry.value.place, fmt::format("{}: expected a number, got {}", entry.key, what_is(entry.value)));
    const double value = number_of(entry.value);
    if (field->part == Part::only && !is_only_value(*field, value))
      fail(entry.value.place,
           fmt::format("{}: {} is not supported for nest:{}", entry.key, entry.value.text, model.name));
    values[entry.key] = value;
  }
  return values;
}

/// The datasets of all groups with nodes, for one field.
std::vector<std::pair<std::uint64_t, std::string>> datasets_of(const NodeSummary& summary, const TemplateField& field) {
  std::vector<std::pair<std::uint64_t, std::string>> datasets;
  for (const auto& [id, group] : summary.groups) {
    const auto& given = group.dynamics_params;
    if (std::find(given.begin(), given.end(), field.nest) != given.end())
      datasets.emplace_back(id, fmt::format("{}/dynamics_params/{}", summary.group(id), field.nest));
  }
  return datasets;
}

/// Everything that is given node by node must mean something to one of the kinds.
void check_groups(const NodeTypes& types) {
  const NodeSummary& summary = types.summary();
  for (const auto& [id, group] : summary.groups) {
    const auto fail = [&, id = id](const std::string& name, const std::string& what) {
      throw UsageError(fmt::format("'{}/{}' of '{}': {}", summary.group(id), name, summary.file, what));
    };
    for (const std::string name : {"model_type", "model_template", "dynamics_params"})
      if (std::find(group.attributes.begin(), group.attributes.end(), name) != group.attributes.end())
        fail(name, "is supported only in the CSV of node types");
    for (const auto& name : group.attributes)
      for (const auto& kind : types.kinds())
        if (kind.model && kind.model->find(name))
          fail(name, fmt::format("is not read; parameters of nest:{} belong under dynamics_params of the group",
                                 kind.model->name));
    for (const auto& name : group.dynamics_params) {
      const NodeTemplate* model = nullptr;
      const TemplateField* field = nullptr;
      for (const auto& kind : types.kinds()) {
        if (!kind.model) continue;
        model = kind.model;
        if ((field = model->find(name))) break;
      }
      if (model && !field) fail("dynamics_params/" + name, unknown_parameter(name, *model));
      if (field && field->part == Part::only) fail("dynamics_params/" + name, "is not supported");
    }
  }
}

Value simplest(std::vector<std::pair<std::int64_t, double>> by_type,
               std::vector<std::pair<std::uint64_t, std::string>> by_group) {
  const bool one = std::all_of(by_type.begin(), by_type.end(),
                               [&](const auto& entry) { return entry.second == by_type.front().second; });
  if (one && by_group.empty() && !by_type.empty()) return by_type.front().second;
  return NodeValues{std::move(by_type), std::move(by_group)};
}

}  // namespace

NodeTypes::NodeTypes(FileFacts& facts, NodeSources sources)
    : sources_(std::move(sources)),
      summary_(summarize_nodes(facts, sources_.file, sources_.population)),
      table_(facts.text(sources_.types_file, largest_table), sources_.types_file, "node_type_id", sources_.population) {
  const auto& columns = table_.columns();
  if (std::find(columns.begin(), columns.end(), "params_file") != columns.end())
    throw UsageError(fmt::format(
        "'{}': the column 'params_file' is not read; files of parameters are called dynamics_params", table_.file()));
  std::string problems;
  for (const auto& [type, nodes] : summary_.types) add(type, nodes, problems);
  if (!problems.empty()) throw UsageError(problems);
  check_groups(*this);
}

void NodeTypes::add(std::int64_t type, std::uint64_t nodes, std::string& problems) {
  const auto refuse = [&](const std::string& what) {
    problems += fmt::format("{}'{}': {}", problems.empty() ? "" : "\n", table_.file(), what);
  };
  if (!table_.contains(type))
    return refuse(
        fmt::format("there is no node type {}, but {} nodes of '{}' have this type", type, nodes, sources_.file));
  const std::string* model_type = table_.find(type, "model_type");
  const std::string* model_template = table_.find(type, "model_template");
  if (!model_type) return refuse(fmt::format("node type {} has no model_type", type));
  const bool is_virtual = *model_type == "virtual";
  if (!is_virtual && *model_type != "point_neuron" && *model_type != "point_process")
    return refuse(fmt::format(
        "node type {} has the model_type '{}', which is not supported; supported are point_neuron and virtual", type,
        *model_type));
  if (!is_virtual && !model_template) return refuse(fmt::format("node type {} has no model_template", type));
  const NodeTemplate* model = is_virtual ? nullptr : find_template(*model_template);
  if (!is_virtual && !model) {
    const std::string prefix = model_template->find(':') == std::string::npos ? "nest:" : "";
    return refuse(fmt::format("node type {}: the model_template '{}' is not supported.{} Supported are {}", type,
                              *model_template, did_you_mean(prefix + *model_template, template_names()),
                              fmt::join(template_names(), ", ")));
  }
  const auto same = std::find_if(kinds_.begin(), kinds_.end(), [&](const NodeKind& k) { return k.model == model; });
  NodeKind& kind = same != kinds_.end() ? *same : kinds_.emplace_back();
  kind.name = is_virtual ? "virtual" : *model_template;
  kind.model = model;
  kind.types.push_back(type);
  kind.size += nodes;
}

std::vector<std::string> parameter_files(const NodeTypes& types, const NodeKind& kind) {
  std::vector<std::string> files;
  for (const std::int64_t type : kind.types) {
    const std::string* name = types.table().find(type, "dynamics_params");
    files.push_back(name ? absolute_path(*name, types.sources().components) : "");
  }
  return files;
}

std::vector<FieldOfNodes> fields_of(FileFacts& facts, const NodeTypes& types, const NodeKind& kind) {
  std::vector<std::map<std::string, double>> given;
  for (const std::string& file : parameter_files(types, kind))
    given.push_back(file.empty() ? std::map<std::string, double>{} : read_parameters(facts, file, *kind.model));
  std::vector<FieldOfNodes> fields;
  for (const TemplateField& field : kind.model->fields) {
    if (field.part == Part::only || field.part == Part::unused) continue;
    std::vector<std::pair<std::int64_t, double>> by_type;
    for (std::size_t k = 0; k < given.size(); ++k) {
      const auto found = given[k].find(std::string(field.nest));
      by_type.emplace_back(kind.types[k], found == given[k].end() ? field.value : found->second);
    }
    fields.push_back({&field, simplest(std::move(by_type), datasets_of(types.summary(), field))});
  }
  return fields;
}

}  // namespace ranvier::sonata
