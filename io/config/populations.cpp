#include "io/config/populations.hpp"

#include <algorithm>
#include <cmath>

#include "io/config/fields.hpp"
#include "io/config/nodes.hpp"
#include "io/config/references.hpp"
#include "io/config/sections.hpp"
#include "io/config/values.hpp"
#include "io/sonata/nodes/templates.hpp"

namespace ranvier {
namespace {

/// Neurons within a population are counted in 32 bits, of which one value says "none"; global ids leave room for 48.
constexpr double largest_population = 4294967294.0;
/// Far beyond what a neuron has, and few enough to look through them for every projection.
constexpr std::size_t most_receptors = 100;
constexpr std::uint64_t largest_network = std::uint64_t(1) << 48;

/// " with receptors of the model 'exponential' and their reversal potentials E_rev".
std::string receptors_of_template(const sonata::NodeTemplate& nest) {
  if (nest.receptor.empty()) return "";
  return fmt::format(" with receptors of the model '{}'{}", nest.receptor,
                     nest.one_receptor ? "" : " that have a reversal potential E_rev");
}

const ModelInfo* read_neuron_model(Context& context, const YamlNode& node) {
  auto names = model_names(context.catalogue, ModelKind::neuron);
  const auto sources = model_names(context.catalogue, ModelKind::source);
  names.insert(names.end(), sources.begin(), sources.end());
  if (node.is_scalar() && std::find(names.begin(), names.end(), node.text) == names.end())
    if (const auto* nest = sonata::find_template(node.text)) {
      context.error(node.place, "{}: '{}' is NEST's name of '{}'{}; 'ranvier describe {}' lists its parameters",
                    grammar::model.name, node.text, nest->model, receptors_of_template(*nest), nest->model);
      return nullptr;
    }
  const auto name = read_choice(context, node, std::string(grammar::model.name), "model", names);
  if (!name) return nullptr;
  const ModelInfo* neuron = context.catalogue.find(ModelKind::neuron, *name);
  return neuron ? neuron : context.catalogue.find(ModelKind::source, *name);
}

std::vector<ReceptorView> own_receptors(const ModelInfo& model) {
  std::vector<ReceptorView> views;
  if (model.receptors == ReceptorPolicy::own)
    for (const auto& r : model.own_receptors) views.push_back({r.name, r.weight_unit, false, counts_spikes(r)});
  return views;
}

/// One list for all neurons is the same list for each of them; of several there must be one each.
void spread_times(Context& context, const Place& place, bool per_neuron, PopulationConfig& population) {
  constexpr std::uint64_t most_inline = 10'000'000;
  auto& lists = population.spike_times;
  if (per_neuron && lists.size() != population.size)
    return context.error(place, "params: {} lists of times for {} neurons", lists.size(), population.size);
  if (per_neuron) return;
  if (population.size * std::max<std::uint64_t>(1, lists[0].size()) > most_inline)
    return context.error(place, "params: more than {} spike times; give them as a dataset", most_inline);
  const std::vector<double> same = lists[0];
  lists.assign(population.size, same);
}

std::string listed(const std::vector<ReceptorView>& receptors) {
  std::string text;
  for (const auto& r : receptors) text += (text.empty() ? "" : ", ") + r.name;
  return text;
}

/// A receptor that is always a conductance has a reversal potential by default; from here on it stands in the config.
void add_reversal_potential(const ModelInfo& receptor, ValueMap& params) {
  const FieldInfo* field = receptor.find("E_rev");
  if (field && !find_value(params, "E_rev") && std::isfinite(field->default_value))
    params.emplace_back("E_rev", field->default_value);
}

void check_voltage(Context& context, const Place& place, const ModelInfo& receptor, const ModelInfo& neuron) {
  const FieldInfo* V_m = neuron.find("V_m");
  if (receptor.needs_voltage && !(V_m && V_m->unit.dimension == unit::mV.dimension))
    context.error(place, "'{}' depends on a membrane potential in mV, which '{}' does not have", receptor.name,
                  neuron.name);
}

std::vector<std::string> states_with_range(const ModelInfo& model) {
  std::vector<std::string> names;
  for (const FieldInfo& f : model.fields)
    if (f.role == Role::state && std::isfinite(f.range.min) && std::isfinite(f.range.max)) names.push_back(f.name);
  return names;
}

}  // namespace

bool is_conductance(const ReceptorConfig& receptor) { return find_value(receptor.params, "E_rev") != nullptr; }

Unit weight_unit_of(const ReceptorConfig& receptor, const ModelInfo& model) {
  return is_conductance(receptor) ? model.weight_unit_conductance : model.weight_unit_current;
}

const ModelInfo& model_of(const PopulationConfig& population, const Catalogue& catalogue) {
  const ModelInfo* neuron = catalogue.find(ModelKind::neuron, population.model);
  return neuron ? *neuron : *catalogue.find(ModelKind::source, population.model);
}

std::optional<Unit> weight_unit_onto(const PopulationConfig& population, const std::string& receptor,
                                     const Catalogue& catalogue) {
  const ModelInfo& neuron = model_of(population, catalogue);
  for (const auto& own : neuron.own_receptors)
    if (own.name == receptor) return counts_spikes(own) ? std::nullopt : std::optional<Unit>(own.weight_unit);
  for (const auto& r : population.receptors) {
    if (r.name != receptor) continue;
    const ModelInfo info = on_neuron(*catalogue.find(ModelKind::receptor, r.model), neuron);
    return info.counts_spikes ? std::nullopt : std::optional<Unit>(weight_unit_of(r, info));
  }
  return std::nullopt;
}

ModelInfo with_receptor_states(const ModelInfo& model, const std::vector<ReceptorConfig>& receptors,
                               const Catalogue& catalogue) {
  ModelInfo all = model;
  for (const ReceptorConfig& receptor : receptors) {
    const ModelInfo& declared = *catalogue.find(ModelKind::receptor, receptor.model);
    for (FieldInfo& field : on_neuron(declared, model, is_conductance(receptor)).fields) {
      if (field.role != Role::state) continue;
      field.name = receptor.name + "." + field.name;
      all.fields.push_back(std::move(field));
    }
  }
  return all;
}

ModelInfo with_all_states(const ModelInfo& model, const PopulationConfig& population,
                          const std::vector<InputConfig>& inputs, const Catalogue& catalogue) {
  ModelInfo all = with_receptor_states(model, population.receptors, catalogue);
  for (const InputConfig& input : inputs) {
    if (input.target != population.name || input.name.empty()) continue;
    for (FieldInfo& field : on_neuron(*catalogue.find(ModelKind::input, input.type), model).fields) {
      if (field.role != Role::state) continue;
      field.name = input.name + "." + field.name;
      all.fields.push_back(std::move(field));
    }
  }
  return all;
}

Populations::Populations(Context& context, const YamlNode* node) {
  if (!node) return;
  if (!node->is_map()) {
    context.error(node->place, "{}: expected a map of populations, got {}", grammar::populations.name, what_is(*node));
    return;
  }
  std::uint64_t total = 0;
  for (const auto& entry : node->entries) {
    names_.push_back(entry.key);
    const std::size_t before = context.errors.size(), position = configs_.size();
    const bool read_all = read(context, entry);
    const bool good = read_all && context.errors.size() == before;
    index_.emplace(entry.key, good ? position : has_mistakes);
    if (configs_.size() > position) total += configs_.back().size;
    if (total > largest_network) {
      context.error(entry.place, "populations: more than 2^48 neurons in all");
      return;
    }
  }
}

bool Populations::read(Context& context, const YamlNode::Entry& entry) {
  const YamlNode& node = entry.value;
  check_new_name(context, entry.place, entry.key, "a population");
  // What the other would have brought is unknown: nothing more can be said.
  if (node.is_map() && find(node, grammar::like)) return false;
  if (node.is_map() && find(node, grammar::sonata)) return read_from_files(context, entry);
  if (!check_section(context, node, grammar::population_section)) return false;
  PopulationConfig population;
  population.name = entry.key;
  const YamlNode* size_node = find(node, grammar::size);
  const Expected size_expected{std::string(grammar::size.name), unit::one, {.max = largest_population}};
  const auto size = size_node ? read_count(context, *size_node, size_expected) : std::nullopt;
  population.size = size.value_or(0);
  const YamlNode* model_node = find(node, grammar::model);
  const ModelInfo* model = model_node ? read_neuron_model(context, *model_node) : nullptr;
  if (!model) return false;
  population.model = model->name;
  read_integrator(context, node, *model, population);
  read_params(context, node, *model, population);
  auto views = own_receptors(*model);
  read_receptors(context, node, *model, population, views);
  const ModelInfo all = with_receptor_states(*model, population.receptors, context.catalogue);
  read_init(context, node, all, population);
  configs_.push_back(std::move(population));
  details_.push_back({model, std::move(views), states_with_range(all)});
  return size.has_value();
}

bool Populations::read_from_files(Context& context, const YamlNode::Entry& entry) {
  if (!check_section(context, entry.value, grammar::nodes_section)) return false;
  PopulationConfig population;
  population.name = entry.key;
  std::vector<ReceptorView> views;
  const ModelInfo* model = read_nodes(context, entry.value, population, views);
  if (!model) return false;
  const std::string of_template = population.integrator;
  read_integrator(context, entry.value, *model, population);
  for (const auto* key : {&grammar::integrator, &grammar::tolerance})
    if (find(entry.value, *key)) population.nodes->given.emplace_back(key->name);
  if (!find(entry.value, grammar::integrator) && !of_template.empty()) population.integrator = of_template;
  const ModelInfo all = with_receptor_states(*model, population.receptors, context.catalogue);
  configs_.push_back(std::move(population));
  details_.push_back({model, std::move(views), states_with_range(all)});
  return true;
}

void Populations::read_integrator(Context& context, const YamlNode& node, const ModelInfo& model,
                                  PopulationConfig& population) {
  const YamlNode* integrator = find(node, grammar::integrator);
  const YamlNode* tolerance = find(node, grammar::tolerance);
  if (!model.integrators.empty()) population.integrator = model.integrators.front();
  if (integrator && model.integrators.empty())
    return context.error(integrator->place, "{}: '{}' has one method only; leave it out", grammar::integrator.name,
                         model.name);
  if (integrator) {
    const auto name =
        read_choice(context, *integrator, std::string(grammar::integrator.name), "integrator", model.integrators);
    if (!name) return;
    population.integrator = *name;
  }
  if (!tolerance) return;
  if (population.integrator != adaptive_integrator)
    return context.error(tolerance->place, "{}: only the integrator {} has one", grammar::tolerance.name,
                         adaptive_integrator);
  const Expected expected{std::string(grammar::tolerance.name), grammar::tolerance.unit, grammar::tolerance.range};
  population.tolerance = read_number(context, *tolerance, expected).value_or(population.tolerance);
}

void Populations::read_params(Context& context, const YamlNode& node, const ModelInfo& model,
                              PopulationConfig& population) const {
  const YamlNode* params = find(node, grammar::params);
  const bool usable = params && params->is_map();
  if (params && !usable && !params->is_null())
    context.error(params->place, "params: expected a map of parameters, got {}", what_is(*params));
  if (usable) {
    check_field_names(context, *params, model, Role::parameter);
    FieldValues fields = read_fields(context, *params, model, Role::parameter);
    population.params = std::move(fields.values);
    population.spike_times = std::move(fields.times);
    population.spike_file = std::move(fields.times_file);
    if (!population.spike_times.empty()) spread_times(context, params->place, fields.times_per_neuron, population);
  }
  check_parameters(context, params ? params->place : node.place, usable ? params : nullptr, model, population.params);
}

void Populations::read_init(Context& context, const YamlNode& node, const ModelInfo& model,
                            PopulationConfig& population) const {
  const YamlNode* init = find(node, grammar::init);
  if (!init || init->is_null()) return;
  if (!init->is_map()) return context.error(init->place, "init: expected a map of states, got {}", what_is(*init));
  check_field_names(context, *init, model, Role::state);
  population.init = read_fields(context, *init, model, Role::state).values;
}

void Populations::read_receptors(Context& context, const YamlNode& node, const ModelInfo& model,
                                 PopulationConfig& population, std::vector<ReceptorView>& views) const {
  const YamlNode* map = find(node, grammar::receptors);
  if (!map || map->is_null()) return;
  if (model.receptors != ReceptorPolicy::composed) {
    const std::string why =
        views.empty() ? "takes no spikes" : fmt::format("has built-in receptors ({})", listed(views));
    return context.error(map->place, "receptors: '{}' {}; leave them out", model.name, why);
  }
  if (!map->is_map()) return context.error(map->place, "receptors: expected a map of receptors, got {}", what_is(*map));
  if (map->entries.size() > most_receptors)
    return context.error(map->place, "receptors: more than {} in a population", most_receptors);
  for (const auto& entry : map->entries) {
    check_new_name(context, entry.place, entry.key, "a receptor");
    const ModelInfo* declared = read_model(context, entry.value, grammar::receptor_section);
    if (!declared) continue;
    const ModelInfo info = on_neuron(*declared, model);
    ReceptorConfig receptor{read_parameters(context, entry.place, &entry.value, info), entry.key};
    add_reversal_potential(info, receptor.params);
    check_voltage(context, entry.place, *declared, model);
    const bool conductance = is_conductance(receptor);
    if (conductance && !info.conductance_allowed)
      context.error(entry.place, "receptor '{}': '{}' cannot be a conductance; leave E_rev out", entry.key, info.name);
    views.push_back(
        {entry.key, weight_unit_of(receptor, info), conductance, info.counts_spikes, info.name, info.takes_signal});
    population.receptors.push_back(std::move(receptor));
  }
}

const PopulationConfig* Populations::named(Context& context, const std::string& name, const Place& place,
                                           std::string_view what) const {
  const auto found = index_.find(name);
  if (found != index_.end()) return found->second == has_mistakes ? nullptr : &configs_[found->second];
  context.error(place, "{}: unknown population '{}'{}", what, name, hint_for(name, names_));
  return nullptr;
}

const ModelInfo& Populations::model_of(const PopulationConfig& p) const { return *details_[index_.at(p.name)].model; }

const std::vector<ReceptorView>& Populations::receptors_of(const PopulationConfig& p) const {
  return details_[index_.at(p.name)].receptors;
}

const std::vector<std::string>& Populations::signals_of(const PopulationConfig& p) const {
  return details_[index_.at(p.name)].signals;
}

const ReceptorView* Populations::choose_receptor(Context& context, const PopulationConfig& population,
                                                 const YamlNode* node, const Place& owner) const {
  const auto& receptors = receptors_of(population);
  const std::string_view key = grammar::receptor.name;
  if (receptors.empty()) {
    const bool could = model_of(population).receptors == ReceptorPolicy::composed;
    context.error(owner, "population '{}' {}", population.name,
                  could ? "has no receptors; list some under 'receptors'"
                        : fmt::format("is of the model '{}', which takes no spikes", population.model));
    return nullptr;
  }
  if (!node) {
    if (receptors.size() == 1) return &receptors[0];
    context.error(owner, "'{}' is missing: population '{}' has {} receptors ({})", key, population.name,
                  receptors.size(), listed(receptors));
    return nullptr;
  }
  if (!node->is_scalar()) {
    context.error(node->place, "{}: expected the name of a receptor, got {}", key, what_is(*node));
    return nullptr;
  }
  for (const auto& r : receptors)
    if (r.name == node->text) return &r;
  std::vector<std::string> names;
  names.reserve(receptors.size());
  for (const auto& r : receptors) names.push_back(r.name);
  context.error(node->place, "{}: population '{}' has no receptor '{}'{}", key, population.name, node->text,
                hint_for(node->text, names));
  return nullptr;
}

bool check_weight_allowed(Context& context, const YamlNode& node, const ReceptorView& receptor,
                          const PopulationConfig& target) {
  const YamlNode* weight = ranvier::find(node, grammar::weight);
  if (!weight || !receptor.counts) return true;
  context.error(weight->place, "{}: '{}' counts spikes; leave the weight out", grammar::weight.name,
                receptor.model.empty() ? target.model : receptor.model);
  return false;
}

bool check_takes_spikes(Context& context, const Place& place, const ReceptorView& receptor) {
  if (!receptor.takes_signal) return true;
  context.error(place, "receptor '{}' ('{}') takes no spikes; a projection drives it with '{}'", receptor.name,
                receptor.model, grammar::signal.name);
  return false;
}

void check_weight(Context& context, const Place& place, const Value& weight, const ReceptorView& receptor) {
  const double* constant = std::get_if<double>(&weight);
  if (receptor.conductance && constant && *constant < 0.0)
    context.error(place, "{}: a conductance must not be negative, got {}; E_rev decides whether a conductance inhibits",
                  grammar::weight.name, with_unit(*constant, receptor.weight_unit));
}

}  // namespace ranvier
