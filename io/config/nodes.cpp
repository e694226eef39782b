#include "io/config/nodes.hpp"

#include <algorithm>
#include <filesystem>

#include "core/base/error.hpp"
#include "io/config/fields.hpp"
#include "io/config/sections.hpp"
#include "io/config/values.hpp"
#include "io/sonata/nodes/node_types.hpp"
#include "io/text/text_file.hpp"

namespace ranvier {
namespace {

namespace fs = std::filesystem;
using sonata::Part;

constexpr const char *excitatory = "ex", *inhibitory = "in", *both = "spikes";

/// Mistakes in other files are told at the place that names the file.
void report(Context& context, const Place& place, const UsageError& error) {
  const std::string all = error.what();
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    context.error(place, "{}", all.substr(at, end - at));
    at = end + 1;
  }
}

/// Absolute, so that the resolved config means the same from another folder.
std::string path_at(Context& context, const YamlNode& node, const grammar::Key& key) {
  const YamlNode* at = find(node, key);
  const auto text = at ? read_text(context, *at, std::string(key.name)) : std::nullopt;
  return text ? absolute_path(*text, context.directory) : "";
}

/// The number of a node type, where it is known before the nodes are read.
std::optional<double> value_of_type(const Value& value, std::int64_t type) {
  if (const double* constant = std::get_if<double>(&value)) return *constant;
  const auto* nodes = std::get_if<NodeValues>(&value);
  if (!nodes || !nodes->by_group.empty()) return std::nullopt;
  for (const auto& [id, number] : nodes->by_type)
    if (id == type) return number;
  return std::nullopt;
}

/// Fills a population from the nodes of one kind.
class NodesReader {
 public:
  NodesReader(Context& context, const YamlNode& node, PopulationConfig& population, std::vector<ReceptorView>& views)
      : context_(context), node_(node), population_(population), views_(views), place_(node.place) {}

  const ModelInfo* operator()() {
    if (!read_sources()) return nullptr;
    try {
      const sonata::NodeTypes types(context_.files, sources_);
      const sonata::NodeKind* kind = choose(types);
      if (!kind) return nullptr;
      describe(types, *kind);
      const ModelInfo* model = kind->model ? fill(types, *kind) : fill_virtual();
      return model;
    } catch (const UsageError& error) {
      report(context_, place_, error);
      return nullptr;
    }
  }

 private:
  bool read_sources() {
    const YamlNode *file = find(node_, grammar::sonata), *name = find(node_, grammar::nodes_population);
    sources_.file = path_at(context_, node_, grammar::sonata);
    sources_.types_file = path_at(context_, node_, grammar::nodes_types);
    sources_.components = path_at(context_, node_, grammar::components);
    if (sources_.components.empty()) sources_.components = absolute_path("", context_.directory);
    if (sources_.file.empty() || sources_.types_file.empty()) return false;
    place_ = file->place;
    if (name) {
      sources_.population = read_text(context_, *name, std::string(grammar::nodes_population.name)).value_or("");
      return !sources_.population.empty();
    }
    try {
      const auto all = sonata::populations_in(context_.files, sources_.file, "/nodes");
      if (all.size() == 1)
        sources_.population = all.front();
      else
        context_.error(place_, "'population' is missing: '{}' has {} ({})", sources_.file, all.size(),
                       fmt::join(all, ", "));
      return all.size() == 1;
    } catch (const UsageError& error) {
      report(context_, place_, error);
      return false;
    }
  }

  const sonata::NodeKind* choose(const sonata::NodeTypes& types) {
    const auto& kinds = types.kinds();
    std::vector<std::string> names;
    names.reserve(kinds.size());
    for (const auto& kind : kinds) names.push_back(kind.name);
    if (kinds.empty()) {
      context_.error(place_, "the population '{}' of '{}' has no nodes", sources_.population, sources_.file);
      return nullptr;
    }
    const YamlNode* wanted = find(node_, grammar::node_template);
    if (!wanted) {
      if (kinds.size() == 1) return &kinds.front();
      context_.error(place_, "'template' is missing: the nodes of '{}' have {} ({})", sources_.population, kinds.size(),
                     fmt::join(names, ", "));
      return nullptr;
    }
    const auto text = read_text(context_, *wanted, std::string(grammar::node_template.name));
    if (!text) return nullptr;
    for (const auto& kind : kinds)
      if (kind.name == *text || (kind.model && kind.model == sonata::find_template(*text))) return &kind;
    context_.error(wanted->place, "template: no node of '{}' has the template '{}'{}", sources_.population, *text,
                   hint_for(*text, names));
    return nullptr;
  }

  void describe(const sonata::NodeTypes& types, const sonata::NodeKind& kind) {
    const bool all = types.kinds().size() == 1;
    NodesConfig nodes{sources_.file,       sources_.population, types.summary().size, {},
                      sources_.types_file, sources_.components, all ? "" : kind.name};
    if (!all) nodes.types = kind.types;
    population_.size = kind.size;
    population_.nodes = std::move(nodes);
  }

  const ModelInfo* fill_virtual() {
    population_.model = "spike_times";
    for (const auto* key : {&grammar::params, &grammar::init, &grammar::integrator, &grammar::tolerance})
      if (const YamlNode* extra = find(node_, *key))
        context_.error(extra->place, "{}: virtual nodes have none; leave it out", key->name);
    if (const YamlNode* times = find(node_, grammar::node_times)) read_times(*times);
    return context_.catalogue.find(ModelKind::source, population_.model);
  }

  void read_times(const YamlNode& times) {
    if (!check_section(context_, times, grammar::spike_file_section)) return;
    if (times.entries.size() != 1)
      return context_.error(times.place, "times: expected one file, under 'hdf5' or 'csv'");
    if (is_dataset(times)) {
      population_.spike_file = read_dataset(context_, times, std::string(grammar::node_times.name));
    } else if (const std::string file = path_at(context_, times, grammar::spikes_csv); !file.empty()) {
      if (!fs::is_regular_file(file))
        return context_.error(times.entries[0].value.place, "times: no file '{}'", times.entries[0].value.text);
      population_.spike_file = Dataset{file, "/spikes/" + sources_.population, 1.0};
    }
  }

  const ModelInfo* fill(const sonata::NodeTypes& types, const sonata::NodeKind& kind) {
    const ModelInfo* model = context_.catalogue.find(ModelKind::neuron, kind.model->model);
    if (!model) {
      context_.error(place_, "the model '{}', which '{}' needs, is not part of this build", kind.model->model,
                     kind.name);
      return nullptr;
    }
    if (const YamlNode* times = find(node_, grammar::node_times))
      context_.error(times->place,
                     "times: only virtual nodes can have spike times; the template of these nodes is '{}'", kind.name);
    population_.nodes->parameter_files = sonata::parameter_files(types, kind);
    population_.model = model->name;
    population_.integrator = kind.model->integrator;
    make_receptors(*kind.model);
    for (auto& [field, value] : sonata::fields_of(context_.files, types, kind)) {
      const std::string ours(field->ours);
      ValueMap& map = map_of(field->part);
      check_range(*model, *field, value);
      map.emplace_back(ours, std::move(value));
    }
    add_views(*model);
    override_fields(*model, grammar::params, Role::parameter, population_.params);
    override_fields(with_receptor_states(*model, population_.receptors, context_.catalogue), grammar::init, Role::state,
                    population_.init);
    check_constraints(*model, kind);
    return model;
  }

  void make_receptors(const sonata::NodeTemplate& model) {
    if (model.receptor.empty()) return;
    for (const char* name : {excitatory, inhibitory})
      if (!model.one_receptor) population_.receptors.push_back({{std::string(model.receptor)}, name});
    if (model.one_receptor) population_.receptors.push_back({{std::string(model.receptor)}, both});
  }

  ValueMap& map_of(Part part) {
    switch (part) {
      case Part::state: return population_.init;
      case Part::excitatory: return population_.receptors.front().params;
      case Part::inhibitory: return population_.receptors.back().params;
      default: return population_.params;
    }
  }

  const FieldInfo* declared(const ModelInfo& model, const sonata::TemplateField& field) const {
    if (field.part != Part::excitatory && field.part != Part::inhibitory) return model.find(field.ours);
    return context_.catalogue.find(ModelKind::receptor, population_.receptors.front().model)->find(field.ours);
  }

  /// Numbers given node by node are checked when they are read.
  void check_range(const ModelInfo& model, const sonata::TemplateField& field, const Value& value) {
    const FieldInfo* info = declared(model, field);
    const auto check = [&](double number, const std::string& whose) {
      if (!info->range.contains(number))
        context_.error(place_, "'{}': {}{} must be {}, got {}", sources_.types_file, field.nest, whose,
                       ranvier::describe(info->range, info->unit), with_unit(number, info->unit));
    };
    if (const double* constant = std::get_if<double>(&value)) check(*constant, "");
    if (const auto* nodes = std::get_if<NodeValues>(&value))
      for (const auto& [type, number] : nodes->by_type) check(number, fmt::format(" of node type {}", type));
  }

  void add_views(const ModelInfo& model) {
    for (const auto& own : model.own_receptors)
      views_.push_back({own.name, own.weight_unit, false, counts_spikes(own)});
    for (const auto& receptor : population_.receptors) {
      const ModelInfo info = on_neuron(*context_.catalogue.find(ModelKind::receptor, receptor.model), model);
      views_.push_back({receptor.name, weight_unit_of(receptor, info), is_conductance(receptor), info.counts_spikes,
                        info.name, info.takes_signal});
    }
  }

  void override_fields(const ModelInfo& model, const grammar::Key& key, Role role, ValueMap& into) {
    const YamlNode* map = find(node_, key);
    if (!map || map->is_null()) return;
    if (!map->is_map()) return context_.error(map->place, "{}: expected a map, got {}", key.name, what_is(*map));
    check_field_names(context_, *map, model, role);
    for (auto& [name, value] : read_fields(context_, *map, model, role).values) {
      const auto same = std::find_if(into.begin(), into.end(), [&, n = name](const auto& e) { return e.first == n; });
      if (same == into.end())
        into.emplace_back(name, std::move(value));
      else
        same->second = std::move(value);
      population_.nodes->given.push_back(fmt::format("{}.{}", key.name, name));
    }
  }

  void check_constraints(const ModelInfo& model, const sonata::NodeKind& kind) {
    const auto value = [&](const std::string& name, std::int64_t type) -> std::optional<double> {
      for (const auto& [key, v] : population_.params)
        if (key == name) return value_of_type(v, type);
      return model.find(name)->default_value;
    };
    for (const Constraint& c : model.constraints)
      for (const std::int64_t type : kind.types) {
        const auto left = value(c.left, type), right = value(c.right, type);
        if (!left || !right || (c.or_equal ? *left <= *right : *left < *right)) continue;
        context_.error(place_, "'{}': node type {} has {} = {}, which must be {} {} = {}", sources_.types_file, type,
                       c.left, *left, c.or_equal ? "at most" : "below", c.right, *right);
      }
  }

  Context& context_;
  const YamlNode& node_;
  PopulationConfig& population_;
  std::vector<ReceptorView>& views_;
  Place place_;
  sonata::NodeSources sources_;
};

}  // namespace

const ModelInfo* read_nodes(Context& context, const YamlNode& node, PopulationConfig& population,
                            std::vector<ReceptorView>& views) {
  return NodesReader(context, node, population, views)();
}

}  // namespace ranvier
