#include "io/config/projections.hpp"

#include <algorithm>
#include <cmath>

#include "io/config/edges.hpp"
#include "io/config/fields.hpp"
#include "io/config/probability.hpp"
#include "io/config/references.hpp"
#include "io/config/sections.hpp"
#include "io/config/values.hpp"

namespace ranvier {
namespace {

/// Lists of sources and targets multiply.
constexpr std::size_t most_projections = 200'000;
/// The bounds of a delay's distribution and dt must leave something to draw.
constexpr double least_kept = 1e-3;

void check_delay(Context& context, const Place& place, const Value& delay) {
  const std::string name(grammar::delay.name);
  if (const auto* constant = std::get_if<double>(&delay)) {
    // Division may leave 0.1 / 0.1 a rounding error below one.
    const bool below = *constant < context.dt && !on_grid(*constant - context.dt, context.dt);
    if (below || *constant <= 0.0)
      context.error(place, "{}: must be at least dt, {} ms, got {} ms", name, context.dt, *constant);
    else if (!on_grid(*constant, context.dt))
      context.error(place, "{}: must be a whole number of steps of {} ms, got {} ms", name, context.dt, *constant);
  } else if (const auto* distribution = std::get_if<Distribution>(&delay)) {
    Distribution kept = *distribution;
    kept.min = std::max(kept.min.value_or(context.dt), context.dt);
    if (kept_share(kept) < least_kept)
      context.error(place, "{}: fewer than one draw in {} is at least dt, {} ms", name, 1.0 / least_kept, context.dt);
  }
}

Value read_delay(Context& context, const YamlNode& node) {
  const YamlNode* delay = find(node, grammar::delay);
  if (!delay) {
    Value standard = ProjectionConfig{}.delay;
    if (!on_grid(std::get<double>(standard), context.dt) || std::get<double>(standard) < context.dt)
      context.error(node.place,
                    "'delay' is missing in a projection (its default, {} ms, is not a whole number of steps of {} ms)",
                    std::get<double>(standard), context.dt);
    return standard;
  }
  // What a distribution draws below dt is drawn again, so that only constants have a range.
  const auto value = read_value(context, *delay, {std::string(grammar::delay.name), grammar::delay.unit});
  if (!value) return ProjectionConfig{}.delay;
  check_delay(context, delay->place, *value);
  return *value;
}

std::vector<std::string> signal_receptors(const Catalogue& catalogue) {
  std::vector<std::string> names;
  for (const auto& m : catalogue.models)
    if (m.kind == ModelKind::receptor && m.takes_signal) names.push_back(m.name);
  return names;
}

class ProjectionReader {
 public:
  ProjectionReader(Context& context, const YamlNode& node, const Populations& populations)
      : context_(context), node_(node), populations_(populations) {}

  void read(std::vector<ProjectionConfig>& out) {
    if (!find_models()) return;
    ProjectionConfig common;
    read_models(common);
    if (common.rule.model == grammar::edges_rule) common.edges = read_edges_config(context_, *rule_.map, node_);
    if (!common.edges || !common.edges->delay_from_file) common.delay = read_delay(context_, node_);
    signal_ = find(node_, grammar::signal);
    if (signal_) read_signal(common);
    const YamlNode *source = find(node_, grammar::source), *target = find(node_, grammar::target);
    if (!source || !target) return;
    const auto sources = resolve(*source, grammar::source), targets = resolve(*target, grammar::target);
    // A projection from a file may become two, one for each sign.
    if (out.size() + (common.edges ? 2 : 1) * sources.size() * targets.size() > most_projections)
      return context_.error(node_.place, "more than {} projections in all", most_projections);
    for (const auto& [target_config, place] : targets) {
      for (ProjectionConfig& onto : onto_receptors(*target_config, place, common)) {
        for (const auto& [source_config, ignored] : sources) {
          onto.source = source_config->name;
          if (signal_) check_signal(*source_config, onto);
          check_rule(*source_config, *target_config, onto);
          out.push_back(onto);
        }
      }
    }
  }

 private:
  using Resolved = std::vector<std::pair<const PopulationConfig*, Place>>;

  Resolved resolve(const YamlNode& names, const grammar::Key& key) {
    Resolved all;
    for (const auto& [name, place] : read_names(context_, names, std::string(key.name)))
      if (const auto* population = populations_.named(context_, name, place, key.name))
        all.emplace_back(population, place);
    return all;
  }

  /// The rule and the synapse, and whether all keys are known; false where the projection is no map.
  bool find_models() {
    const YamlNode* rule = node_.is_map() ? find(node_, grammar::rule) : nullptr;
    const YamlNode* synapse = node_.is_map() ? find(node_, grammar::synapse) : nullptr;
    if (rule) rule_ = read_named_model(context_, *rule, grammar::rule);
    if (synapse) synapse_ = read_named_model(context_, *synapse, grammar::synapse);
    const bool own_map = rule_.map != nullptr;
    if (!own_map) rule_.map = &node_;
    return check_section(context_, node_, own_map ? grammar::projection_of_map : grammar::projection_section,
                         own_map ? nullptr : rule_.model,
                         [&](const std::string& key) { return where_it_belongs(key, own_map); });
  }

  /// What stands in the projection but belongs into the map of a model.
  std::string where_it_belongs(const std::string& name, bool rule_has_map) const {
    const auto say = [&](const grammar::Key& of, const ModelInfo* model) -> std::string {
      if (!model) return "";
      const FieldInfo* field = model->find(name);
      const auto keys = of.section->keys;
      const bool own = std::any_of(keys.begin(), keys.end(),
                                   [&](const auto& key) { return key.name == name && key.only_of == model->name; });
      if (!own && !(field && field->role == Role::parameter)) return "";
      return fmt::format(". Write {}: {{model: {}, {}: ..}}", of.name, model->name, name);
    };
    const std::string of_rule = rule_has_map ? say(grammar::rule, rule_.model) : "";
    return of_rule.empty() ? say(grammar::synapse, synapse_.model) : of_rule;
  }

  void read_models(ProjectionConfig& p) {
    const std::size_t before = context_.errors.size();
    if (rule_.model) p.rule = read_parameters(context_, rule_.map->place, rule_.map, *rule_.model);
    rule_is_read_ = rule_.model && context_.errors.size() == before;
    if (synapse_.model)
      p.synapse = read_parameters(context_, find(node_, grammar::synapse)->place, synapse_.map, *synapse_.model);
  }

  /// The projection onto the receptor that the node names, or the only one there is; of edges from a file, onto two that
  /// the signs of their weights choose from.
  std::vector<ProjectionConfig> onto_receptors(const PopulationConfig& target, const Place& place,
                                               const ProjectionConfig& common) {
    if (common.edges && sign_chooses(*rule_.map, node_, populations_.receptors_of(target))) {
      std::vector<ProjectionConfig> both;
      for (const auto& r : populations_.receptors_of(target)) both.push_back(onto_sign(common, target, r));
      return both;
    }
    ProjectionConfig one = common;
    if (!read_receptor(target, place, one)) return {};
    return {std::move(one)};
  }

  bool read_receptor(const PopulationConfig& target, const Place& place, ProjectionConfig& p) {
    p.target = target.name;
    const ReceptorView* receptor =
        populations_.choose_receptor(context_, target, find(node_, grammar::receptor), place);
    if (!receptor) return false;
    p.receptor = receptor->name;
    if (!signal_ && !check_takes_spikes(context_, place, *receptor)) return false;
    if (signal_ && !receptor->takes_signal) {
      context_.error(
          signal_->place,
          "signal: receptor '{}' of population '{}' takes spikes; a signal needs a receptor model such as {}",
          receptor->name, target.name, fmt::join(signal_receptors(context_.catalogue), ", "));
      return false;
    }
    if (p.edges) fit_to_receptor(*p.edges, *receptor);
    const YamlNode* weight = find(node_, grammar::weight);
    if (!weight) return true;
    if (!check_weight_allowed(context_, node_, *receptor, target)) return false;
    const auto value = read_value(context_, *weight, {std::string(grammar::weight.name), receptor->weight_unit});
    if (!value) return false;
    check_weight(context_, weight->place, *value, *receptor);
    if (signal_ && !is_constant(*value))
      context_.error(weight->place, "weight: the weight of a signal must be one number");
    p.weight = *value;
    return true;
  }

  /// What all sources and targets of a signal have in common.
  void read_signal(ProjectionConfig& p) {
    p.signal = read_text(context_, *signal_, std::string(grammar::signal.name)).value_or("");
    if (rule_.model && !rule_.model->takes_signal)
      context_.error(find(node_, grammar::rule)->place, "rule: a signal needs the rule all_to_all, got '{}'",
                     rule_.model->name);
    if (const YamlNode* synapse = find(node_, grammar::synapse))
      context_.error(synapse->place, "synapse: a signal does not use synapses; leave the key out");
    const YamlNode* delay = find(node_, grammar::delay);
    if (delay && !is_constant(p.delay)) context_.error(delay->place, "delay: the delay of a signal must be one number");
  }

  /// Only a state with a range has a sum that is known to fit; it includes the neuron's own where it is among the targets.
  void check_signal(const PopulationConfig& source, const ProjectionConfig& p) {
    if (p.signal.empty()) return;
    const auto& possible = populations_.signals_of(source);
    if (std::find(possible.begin(), possible.end(), p.signal) != possible.end()) return;
    const ModelInfo all = with_receptor_states(populations_.model_of(source), source.receptors, context_.catalogue);
    const FieldInfo* field = all.find(p.signal);
    const bool unbounded = field && field->role == Role::state;
    const std::string known = possible.empty() ? "; it has none" : hint_for(p.signal, possible);
    context_.error(signal_->place, "signal: {}{}",
                   unbounded
                       ? fmt::format("'{}' of population '{}' has no range; only states with a range can be sent",
                                     p.signal, source.name)
                       : fmt::format("population '{}' has no state with a range called '{}'", source.name, p.signal),
                   unbounded && possible.empty() ? "" : known);
  }

  /// What the rule says that it cannot do between these populations.
  void check_rule(const PopulationConfig& source, const PopulationConfig& target, const ProjectionConfig& p) {
    if (!rule_is_read_ || !rule_.model->problem) return;
    const ProjectionEnds ends{source.size, target.size, source.name == target.name, signal_ != nullptr};
    const RuleProblem problem = rule_.model->problem(ends, p.rule.params);
    if (problem.text.empty()) return;
    if (const YamlNode* parameter = rule_.map->find(problem.parameter))
      context_.error(parameter->place, "{}: {}", problem.parameter, problem.text);
    else
      context_.error(node_.place, "{} from '{}' to '{}': {}", p.rule.model, source.name, target.name, problem.text);
  }

  Context& context_;
  const YamlNode& node_;
  const Populations& populations_;
  NamedModel rule_, synapse_;
  bool rule_is_read_ = false;  ///< with all its parameters, and without a mistake in them
  const YamlNode* signal_ = nullptr;
};

}  // namespace

std::vector<ProjectionConfig> read_projections(Context& context, const YamlNode& list, const Populations& populations) {
  std::vector<ProjectionConfig> all;
  if (list.is_null()) return all;
  if (!list.is_list()) {
    context.error(list.place, "{}: expected a list of projections, got {}", grammar::projections.name, what_is(list));
    return all;
  }
  for (const auto& node : list.items) ProjectionReader(context, node, populations).read(all);
  std::unordered_map<std::string, std::size_t> count;
  for (auto& p : all) {
    const std::string names = fmt::format("{}>{}:{}", p.source, p.target, p.receptor);
    p.key = fmt::format("{}#{}", names, count[names]++);
  }
  return all;
}

}  // namespace ranvier
