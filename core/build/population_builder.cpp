#include "core/build/population_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/base/error.hpp"
#include "core/base/expect.hpp"
#include "core/base/grid.hpp"
#include "core/connectivity/distributions.hpp"
#include "io/config/populations.hpp"
#include "io/config/values.hpp"
#include "io/datasets/numbers.hpp"
#include "io/sonata/recordings/spike_input.hpp"

namespace ranvier {

namespace {

const Column* find(const Columns& columns, const std::string& name) {
  const auto it = columns.find(name);
  return it == columns.end() ? nullptr : &it->second;
}

/// The first step is the first at whose end a spike can be: one given for the time before is not lost.
Step spike_step(double time, double dt) { return std::max<Step>(1, grid_step(time, dt)); }

/// `first`: the number of this rank's first neuron within the population.
void check_ranges(const ModelInfo& model, const Columns& columns, std::uint64_t first, const std::string& owner) {
  for (const auto& [name, column] : columns) {
    const FieldInfo* field = model.find(name);
    if (field == nullptr) continue;
    for (std::size_t i = 0; i < column.values.size(); ++i)
      if (const double value = column.values[i]; !field->range.contains(value))
        throw UsageError(
            fmt::format("{}: {}{} must be {}, got {}; correct the values, or give a distribution a `min` or "
                        "`max` (see ranvier describe {})",
                        owner, name, column.uniform() ? "" : fmt::format(" of neuron {}", first + i),
                        describe(field->range, field->unit), with_unit(value, field->unit), model.name));
  }
}

/// The initial values of one receptor, under the names of its states.
Columns states_of(const std::string& receptor, const Columns& initial) {
  Columns states;
  for (const auto& [name, column] : initial)
    if (name.starts_with(receptor + ".")) states[name.substr(receptor.size() + 1)] = column;
  return states;
}

/// "left below right" for every neuron, where at least one side is drawn.
void check_constraints(const ModelInfo& model, const Columns& columns, std::uint32_t count, const std::string& owner) {
  for (const Constraint& c : model.constraints) {
    const Column* left = find(columns, c.left);
    const Column* right = find(columns, c.right);
    const std::uint32_t n =
        (left != nullptr && !left->uniform()) || (right != nullptr && !right->uniform()) ? count : 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      const double l = left != nullptr ? left->at(i) : model.find(c.left)->default_value;
      const double r = right != nullptr ? right->at(i) : model.find(c.right)->default_value;
      if (!(c.or_equal ? l <= r : l < r))
        throw UsageError(fmt::format("{}: a neuron has {} = {} and {} = {}; {} must be the smaller one", owner, c.left,
                                     l, c.right, r, c.left));
    }
  }
}

}  // namespace

std::vector<std::string> PopulationBuilder::receptor_names(std::size_t population) const {
  const PopulationConfig& p = config_.populations[population];
  const ModelInfo& model = models_.population(p.model).info;
  std::vector<std::string> names;
  if (model.receptors == ReceptorPolicy::own)
    for (const OwnReceptor& r : model.own_receptors) names.push_back(r.name);
  else
    for (const ReceptorConfig& r : p.receptors) names.push_back(r.name);
  return names;
}

std::uint32_t PopulationBuilder::receptors(std::size_t population) const {
  return narrow<std::uint32_t>(receptor_names(population).size());
}

Range PopulationBuilder::range_of(std::size_t population, const std::string& state) const {
  const PopulationConfig& p = config_.populations[population];
  const auto dot = state.find('.');
  if (dot == std::string::npos) return models_.population(p.model).info.find(state)->range;
  const ReceptorConfig& receptor = p.receptors[receptor_index(population, state.substr(0, dot))];
  return models_.receptor(receptor.model).info.find(state.substr(dot + 1))->range;
}

std::optional<Unit> PopulationBuilder::conductance_unit(std::size_t population, std::uint32_t receptor) const {
  const PopulationConfig& p = config_.populations[population];
  const ModelInfo& model = models_.population(p.model).info;
  if (model.receptors == ReceptorPolicy::own || !is_conductance(p.receptors[receptor])) return std::nullopt;
  const ModelInfo info = on_neuron(models_.receptor(p.receptors[receptor].model).info, model);
  return weight_unit_of(p.receptors[receptor], info);
}

std::uint32_t PopulationBuilder::receptor_index(std::size_t population, const std::string& name) const {
  const auto names = receptor_names(population);
  if (name.empty() && names.size() == 1) return 0;
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end())
    throw UsageError(fmt::format("population {} has no receptor '{}'", config_.populations[population].name, name));
  return narrow<std::uint32_t>(it - names.begin());
}

Column PopulationBuilder::column(const std::string& name, const Value& value, const std::string& owner, Purpose purpose,
                                 const PopulationLayout& layout, NodeShare* nodes) const {
  if (const double* constant = std::get_if<double>(&value)) return {{*constant}};
  if (const auto* distribution = std::get_if<Distribution>(&value)) {
    Column column{std::vector<double>(layout.count)};
    const std::span<double> values(column.values.data(), column.values.size());
    Sampler(*distribution, make_key(config_.seed, purpose, owner + "." + name)).fill_indices(layout.first, values);
    return column;
  }
  if (const auto* of_nodes = std::get_if<NodeValues>(&value)) return {(*nodes)(*of_nodes)};
  const auto& dataset = std::get<Dataset>(value);
  return {read_numbers(dataset, config_.directory, layout.first, layout.count, layout.size)};
}

Columns PopulationBuilder::columns(const ValueMap& values, const std::string& owner, Purpose purpose,
                                   const PopulationLayout& layout, NodeShare* nodes) const {
  Columns columns;
  for (const auto& [name, value] : values) columns[name] = column(name, value, owner, purpose, layout, nodes);
  return columns;
}

PopulationPlan PopulationBuilder::plan(std::size_t population, const PopulationLayout& layout) const {
  const PopulationConfig& config = config_.populations[population];
  const ModelInfo& model = models_.population(config.model).info;
  PopulationPlan plan;
  plan.model = config.model;
  plan.integrator = config.integrator;
  plan.tolerance = config.tolerance;
  plan.layout = layout;
  plan.source_key = make_key(config_.seed, Purpose::poisson_source, config.name);
  std::optional<NodeIds> ids;
  std::optional<NodeShare> nodes;
  if (config.nodes && layout.count > 0) {
    ids.emplace(nodes_.ids(population));
    nodes.emplace(*config.nodes, *ids, layout.first, layout.count);
  }
  NodeShare* share = nodes ? &*nodes : nullptr;
  if (layout.count > 0) {
    const std::string owner = "population " + config.name;
    plan.parameters = columns(config.params, config.name, Purpose::parameter, layout, share);
    check_ranges(model, plan.parameters, layout.first, owner);
    check_constraints(model, plan.parameters, layout.count, owner);
    plan.initial = columns(config.init, config.name, Purpose::initial_state, layout, share);
    check_ranges(model, plan.initial, layout.first, owner);
    plan.spike_steps = spike_steps(config, layout, ids ? &*ids : nullptr);
  }
  for (const std::string& name : receptor_names(population)) plan.receptors.push_back({name, "", {}, 1.0, {}});
  for (std::size_t r = 0; r < config.receptors.size(); ++r) {
    const ReceptorConfig& receptor = config.receptors[r];
    plan.receptors[r].model = receptor.model;
    if (layout.count == 0) continue;
    plan.receptors[r].parameters =
        columns(receptor.params, config.name + "." + receptor.name, Purpose::parameter, layout, share);
    const ModelInfo info = on_neuron(models_.receptor(receptor.model).info, model, is_conductance(receptor));
    const std::string owner = fmt::format("population {}, receptor {}", config.name, receptor.name);
    check_ranges(info, plan.receptors[r].parameters, layout.first, owner);
    check_ranges(info, states_of(receptor.name, plan.initial), layout.first, owner);
  }
  for (const InputConfig* i : inputs_of(config.name)) plan.inputs.push_back(input(*i, population, layout));
  return plan;
}

std::vector<const InputConfig*> PopulationBuilder::inputs_of(const std::string& population) const {
  std::vector<const InputConfig*> inputs;
  for (const InputConfig& i : config_.inputs)
    if (i.target == population) inputs.push_back(&i);
  std::sort(inputs.begin(), inputs.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
  return inputs;
}

InputPlan PopulationBuilder::input(const InputConfig& config, std::size_t population,
                                   const PopulationLayout& layout) const {
  const InputEntry& entry = models_.input(config.type);
  InputPlan plan;
  plan.type = config.type;
  plan.name = config.name.empty() ? config.key : config.name;
  for (const FieldInfo& field : entry.info.fields)
    if (field.role == Role::parameter) plan.parameters[field.name] = field.default_value;
  for (const auto& [name, value] : config.params) plan.parameters[name] = std::get<double>(value);
  if (!entry.is_current) plan.receptor = receptor_index(population, config.receptor);
  const auto time = [&](const char* name, double otherwise) {
    const auto it = plan.parameters.find(name);
    return grid_step(it == plan.parameters.end() ? otherwise : it->second, config_.dt);
  };
  plan.start = time("start", 0.0);
  plan.stop = time("stop", std::numeric_limits<double>::infinity());
  plan.key = make_key(config_.seed, entry.is_current ? Purpose::noise_current : Purpose::poisson_input, config.key);
  const bool spikes = !entry.is_current;
  std::vector<double> times = config.times;
  if (config.times_file) times = read_numbers(*config.times_file, config_.directory);
  for (const double t : times) plan.steps.push_back(spikes ? spike_step(t, config_.dt) : grid_step(t, config_.dt));
  plan.values = config.values;
  if (spikes) std::sort(plan.steps.begin(), plan.steps.end());
  if (!config.ids.empty()) {
    plan.selected.assign(layout.count, 0);
    for (const auto& [first, last] : config.ids)
      for (std::uint64_t i = std::max(first, layout.first); i < std::min(last, layout.first + layout.count); ++i)
        plan.selected[i - layout.first] = 1;
  }
  return plan;
}

std::vector<std::vector<Step>> PopulationBuilder::spike_steps(const PopulationConfig& config,
                                                              const PopulationLayout& layout,
                                                              const NodeIds* nodes) const {
  std::vector<std::vector<Step>> steps;
  if (config.spike_file) {
    const auto times = read_spike_times(*config.spike_file, config_.directory, layout.first, layout.count, nodes);
    for (const auto& list : times) {
      steps.emplace_back();
      for (const double t : list)
        steps.back().push_back(nodes ? std::max<Step>(1, step_at_or_after(t, config_.dt)) : spike_step(t, config_.dt));
    }
  } else if (!config.spike_times.empty()) {
    for (std::uint64_t i = layout.first; i < layout.first + layout.count; ++i) {
      steps.emplace_back();
      for (const double t : config.spike_times[i]) steps.back().push_back(spike_step(t, config_.dt));
    }
  }
  for (auto& list : steps) std::sort(list.begin(), list.end());
  return steps;
}

}  // namespace ranvier
