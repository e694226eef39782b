#include "core/convert/node_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/config/populations.hpp"
#include "io/sonata/nodes/templates.hpp"

namespace ranvier {
namespace {

constexpr const char* potential = "V_m";
constexpr const char* resting_potential = "E_L";

/// Models that bring their receptors are NEST's parameter for parameter, as far as they start with no synaptic current:
/// nothing but the potential can be given there.
std::string template_of(const PopulationConfig& p) {
  const bool only_potential =
      std::all_of(p.init.begin(), p.init.end(), [](const auto& entry) { return entry.first == potential; });
  for (const std::string& name : sonata::template_names()) {
    const sonata::NodeTemplate& nest = *sonata::find_template(name);
    if (nest.model == p.model && nest.receptor.empty() && only_potential) return name;
  }
  return "ranvier:" + p.model;
}

class Splitter {
 public:
  Splitter(NodeType& type, const std::string& file) : type_(type), file_(file) {}

  void add(const std::string& name, const Unit& unit, Value& value) {
    if (const double* constant = std::get_if<double>(&value)) {
      type_.parameters[name] = *constant;
      return;
    }
    type_.varying.push_back({name, std::string(unit.symbol)});
    value = Dataset{file_, parameter_path(type_.population, name)};
  }

  void add(const std::string& prefix, const ModelInfo& model, ValueMap& values) {
    for (auto& [name, value] : values) add(prefix + name, model.find(name)->unit, value);
  }

  void add_defaults(const std::string& prefix, const ModelInfo& model, const ValueMap& values) {
    for (const FieldInfo& field : model.fields) {
      const bool given =
          std::any_of(values.begin(), values.end(), [&](const auto& v) { return v.first == field.name; });
      const bool number = field.form != Form::times && field.form != Form::series;
      if (field.role == Role::parameter && !given && number && !field.required && std::isfinite(field.default_value))
        type_.parameters[prefix + field.name] = field.default_value;
    }
  }

 private:
  NodeType& type_;
  const std::string& file_;
};

/// The potential starts at rest here, and at -70 mV for readers that are told nothing.
void add_potential(NodeType& type, const ModelInfo& model, const PopulationConfig& p) {
  if (!model.find(potential) || !p.init.empty()) return;
  if (type.parameters.contains(resting_potential))
    type.parameters[potential] = type.parameters[resting_potential];
  else
    type.varying.push_back({potential, std::string(model.find(potential)->unit.symbol)});
}

}  // namespace

NodeType describe_nodes(PopulationConfig& population, std::int64_t id, const std::string& file,
                        const Catalogue& catalogue) {
  const ModelInfo& model = model_of(population, catalogue);
  NodeType type;
  type.id = id;
  type.population = population.name;
  type.parameters = nlohmann::ordered_json::object();
  if (std::any_of(model.fields.begin(), model.fields.end(), [](const auto& f) { return f.form == Form::times; })) {
    type.model_type = "virtual";
    // Which spikes of a file are whose is a matter of the nodes that it was made for: the population gets a file of its own.
    type.has_spikes = population.nodes.has_value();
    if (type.has_spikes) population.spike_file = Dataset{input_spikes_file, "/spikes/" + population.name};
    population.nodes.reset();
    return type;
  }
  type.model_type = "point_neuron";
  type.model_template = template_of(population);
  population.nodes.reset();  // what they say is in the new files

  Splitter split(type, file);
  split.add("", model, population.params);
  split.add_defaults("", model, population.params);
  split.add("", with_receptor_states(model, population.receptors, catalogue), population.init);
  for (ReceptorConfig& receptor : population.receptors) {
    const ModelInfo info = on_neuron(*catalogue.find(ModelKind::receptor, receptor.model), model);
    const std::string prefix = receptor.name + ".";
    type.parameters[prefix + "model"] = receptor.model;
    split.add(prefix, info, receptor.params);
    split.add_defaults(prefix, info, receptor.params);
  }
  if (type.is_nest())
    add_potential(type, model, population);
  else if (!population.integrator.empty())
    type.parameters["integrator"] = population.integrator;
  return type;
}

std::vector<std::vector<double>> varying_values(const NodeType& type, const PopulationPlan& plan) {
  Columns all = plan.parameters;
  all.insert(plan.initial.begin(), plan.initial.end());
  for (const ReceptorPlan& receptor : plan.receptors)
    for (const auto& [name, column] : receptor.parameters) all[receptor.name + "." + name] = column;
  std::vector<std::vector<double>> values;
  for (const auto& [name, unit] : type.varying) {
    auto it = all.find(name);
    if (it == all.end() && name == potential) it = all.find(resting_potential);
    values.push_back(it == all.end() ? std::vector<double>() : it->second.values);
  }
  return values;
}

std::string parameters_file(const NodeType& type) { return type.population + ".json"; }

std::string node_types_csv(const std::vector<NodeType>& types) {
  std::string text = "node_type_id population pop_name model_type model_template dynamics_params\n";
  for (const NodeType& t : types)
    text += fmt::format("{} {} {} {} {} {}\n", t.id, t.population, t.population, t.model_type,
                        t.is_virtual() ? "NULL" : t.model_template, parameters_file(t));
  return text;
}

}  // namespace ranvier
