#include "io/config/resolved.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "io/config/distributions.hpp"
#include "io/config/fields.hpp"
#include "io/config/grammar.hpp"
#include "io/config/populations.hpp"
#include "io/config/values.hpp"
#include "io/text/quotes.hpp"

namespace ranvier {
namespace {

/// Names need no quotes, but for those that YAML takes for nothing.
std::string name_text(const std::string& name) {
  return name == "null" || name == "Null" || name == "NULL" ? in_quotes(name) : name;
}

/// {key: value, ...}
class FlowMap {
 public:
  FlowMap& add(std::string_view key, const std::string& value) {
    text_ += fmt::format("{}{}: {}", text_.empty() ? "" : ", ", key, value);
    return *this;
  }
  FlowMap& add(const grammar::Key& key, const std::string& value) { return add(key.name, value); }
  bool empty() const { return text_.empty(); }
  std::string text() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

const grammar::Spelling& first_spelling(Distribution::Kind kind) {
  return *std::find_if(std::begin(grammar::spellings), std::end(grammar::spellings),
                       [&](const auto& s) { return s.kind == kind; });
}

std::string argument_text(double value, grammar::Argument kind, const Unit& unit) {
  const bool plain = kind == grammar::Argument::number || kind == grammar::Argument::shape;
  return with_unit(value, plain ? unit::one : unit);
}

std::string value_text(const Value& value, const Unit& unit) {
  if (const auto* number = std::get_if<double>(&value)) return with_unit(*number, unit);
  if (std::holds_alternative<NodeValues>(value)) return "";  // never printed: it stands in the files of the nodes
  if (const auto* dataset = std::get_if<Dataset>(&value))
    return FlowMap().add(grammar::hdf5, in_quotes(dataset->file + ":" + dataset->path)).text();
  const auto& d = std::get<Distribution>(value);
  const auto& spelling = first_spelling(d.kind);
  FlowMap arguments;
  arguments.add(spelling.first, argument_text(d.a, spelling.first_is, unit));
  if (!spelling.second.empty()) arguments.add(spelling.second, argument_text(d.b, spelling.second_is, unit));
  if (d.min) arguments.add(grammar::bound_min, with_unit(*d.min, unit));
  if (d.max) arguments.add(grammar::bound_max, with_unit(*d.max, unit));
  return FlowMap().add(spelling.name, arguments.text()).text();
}

std::string field_text(const Value& value, const FieldInfo& field, const Unit& unit) {
  if (field.form == Form::flag) return std::get<double>(value) != 0.0 ? "true" : "false";
  if (field.form == Form::count) return fmt::format("{:.0f}", std::get<double>(value));
  return value_text(value, unit);
}

void add_fields(FlowMap& map, const ModelInfo& model, const ValueMap& values, const Unit* weight_unit = nullptr) {
  for (const auto& [name, value] : values) {
    const FieldInfo& field = *model.find(name);
    const bool weight = weight_unit && name == grammar::weight.name;
    map.add(name, field_text(value, field, weight ? *weight_unit : field.unit));
  }
}

/// {model: name, parameter: .., ..}
std::string reference_text(const ModelReference& reference, const ModelInfo& model) {
  FlowMap map;
  map.add(grammar::model, reference.model);
  add_fields(map, model, reference.params);
  return map.text();
}

std::string list_text(const std::vector<double>& numbers) { return fmt::format("[{}]", fmt::join(numbers, ", ")); }

const FieldInfo* field_of_form(const ModelInfo& model, Form form) {
  for (const auto& f : model.fields)
    if (f.form == form) return &f;
  return nullptr;
}

std::string dataset_text(const Dataset& dataset) { return value_text(dataset, unit::one); }

std::string ids_text(const IdRanges& ranges) {
  std::string text;
  for (const auto& [first, end] : ranges) text += fmt::format("{}{}-{}", text.empty() ? "" : ", ", first, end - 1);
  return in_quotes(text);
}

class ConfigPrinter {
 public:
  ConfigPrinter(const Config& config, const Catalogue& catalogue) : config_(config), catalogue_(catalogue) {
    for (const auto& p : config.populations) populations_.emplace(p.name, &p);
  }

  std::string print() {
    line("{}: {}", grammar::name.name, name_text(config_.name));
    simulation(true);
    network();
    record();
    if (config_.checkpoint) checkpoint(*config_.checkpoint);
    line("{}: {}", grammar::output.name, in_quotes(config_.output));
    return std::move(text_);
  }

  std::string print_network() {
    simulation(false);
    network();
    return std::move(text_);
  }

 private:
  void network() {
    line("{}:{}", grammar::populations.name, config_.populations.empty() ? " {}" : "");
    for (const auto& p : config_.populations) population(p);
    if (!config_.projections.empty()) line("{}:", grammar::projections.name);
    for (const auto& p : config_.projections) projection(p);
    if (!config_.inputs.empty()) line("{}:", grammar::inputs.name);
    for (const auto& i : config_.inputs) input(i);
  }

  template <class... A>
  void line(fmt::format_string<A...> form, A&&... a) {
    text_ += fmt::format(form, std::forward<A>(a)...) + "\n";
  }

  const ModelInfo& model(ModelKind kind, const std::string& name) const { return *catalogue_.find(kind, name); }
  const ModelInfo& model_of(const PopulationConfig& p) const { return ranvier::model_of(p, catalogue_); }

  std::optional<Unit> weight_unit(const std::string& target, const std::string& receptor) const {
    return weight_unit_onto(*populations_.at(target), receptor, catalogue_);
  }

  void simulation(bool with_duration) {
    FlowMap map;
    if (with_duration) map.add(grammar::duration, with_unit(config_.duration, grammar::duration.unit));
    map.add(grammar::dt, with_unit(config_.dt, grammar::dt.unit));
    map.add(grammar::seed, std::to_string(config_.seed));
    map.add(grammar::precision, precision(config_.precision == Precision::double_));
    line("{}: {}", grammar::simulation.name, map.text());
  }

  static std::string precision(bool is_double) { return std::string(grammar::precisions[is_double ? 1 : 0]); }

  void population(const PopulationConfig& p) {
    line("  {}:", name_text(p.name));
    if (p.nodes) return nodes(p, *p.nodes);
    line("    {}: {}", grammar::size.name, p.size);
    line("    {}: {}", grammar::model.name, p.model);
    if (!p.integrator.empty()) line("    {}: {}", grammar::integrator.name, p.integrator);
    if (p.integrator == adaptive_integrator) line("    {}: {}", grammar::tolerance.name, p.tolerance);
    FlowMap params, init;
    add_fields(params, model_of(p), p.params);
    if (const FieldInfo* times = field_of_form(model_of(p), Form::times)) spike_times(p, *times, params);
    if (!params.empty()) line("    {}: {}", grammar::params.name, params.text());
    add_fields(init, with_receptor_states(model_of(p), p.receptors, catalogue_), p.init);
    if (!init.empty()) line("    {}: {}", grammar::init.name, init.text());
    if (p.receptors.empty()) return;
    line("    {}:", grammar::receptors.name);
    for (const auto& r : p.receptors) {
      const ModelInfo info = on_neuron(model(ModelKind::receptor, r.model), model_of(p));
      line("      {}: {}", name_text(r.name), reference_text(r, info));
    }
  }

  /// The files say the rest.
  void nodes(const PopulationConfig& p, const NodesConfig& nodes) {
    const auto given = [&](std::string_view what) {
      return std::find(nodes.given.begin(), nodes.given.end(), what) != nodes.given.end();
    };
    line("    {}: {}", grammar::sonata.name, in_quotes(nodes.file));
    line("    {}: {}", grammar::nodes_population.name, in_quotes(nodes.population));
    line("    {}: {}", grammar::nodes_types.name, in_quotes(nodes.types_file));
    line("    {}: {}", grammar::components.name, in_quotes(nodes.components));
    if (!nodes.model_template.empty()) line("    {}: {}", grammar::node_template.name, in_quotes(nodes.model_template));
    if (p.spike_file)
      line("    {}: {}", grammar::node_times.name,
           p.spike_file->is_csv() ? FlowMap().add(grammar::spikes_csv, in_quotes(p.spike_file->file)).text()
                                  : dataset_text(*p.spike_file));
    if (given(grammar::integrator.name)) line("    {}: {}", grammar::integrator.name, p.integrator);
    if (given(grammar::tolerance.name)) line("    {}: {}", grammar::tolerance.name, p.tolerance);
    const auto own = [&](const grammar::Key& key, const ValueMap& all, const ModelInfo& model) {
      ValueMap values;
      for (const auto& entry : all)
        if (given(fmt::format("{}.{}", key.name, entry.first))) values.push_back(entry);
      FlowMap map;
      add_fields(map, model, values);
      if (!map.empty()) line("    {}: {}", key.name, map.text());
    };
    own(grammar::params, p.params, model_of(p));
    own(grammar::init, p.init, with_receptor_states(model_of(p), p.receptors, catalogue_));
  }

  static void spike_times(const PopulationConfig& p, const FieldInfo& field, FlowMap& params) {
    if (p.spike_file) {
      params.add(field.name, dataset_text(*p.spike_file));
      return;
    }
    const auto& lists = p.spike_times;
    const bool same = std::all_of(lists.begin(), lists.end(), [&](const auto& list) { return list == lists[0]; });
    std::vector<std::string> texts;
    texts.reserve(lists.size());
    for (const auto& list : lists) texts.push_back(list_text(list));
    params.add(field.name, same ? (lists.empty() ? "[]" : texts[0]) : fmt::format("[{}]", fmt::join(texts, ", ")));
  }

  void projection(const ProjectionConfig& p) {
    FlowMap map;
    map.add(grammar::source, name_text(p.source)).add(grammar::target, name_text(p.target));
    map.add(grammar::receptor, name_text(p.receptor));
    if (!p.signal.empty()) map.add(grammar::signal, name_text(p.signal));
    // All parameters of the rule, so that one projection has one text, whether or not a default is given in the config.
    const ModelInfo& rule = model(ModelKind::rule, p.rule.model);
    map.add(grammar::rule, p.rule.model);
    add_fields(map, rule, with_defaults(rule, p.rule.params));
    if (p.edges) edges(*p.edges, map);
    if (!p.synapse.params.empty())
      map.add(grammar::synapse, reference_text(p.synapse, model(ModelKind::synapse, p.synapse.model)));
    else if (p.synapse.model != ProjectionConfig{}.synapse.model)
      map.add(grammar::synapse, p.synapse.model);
    const auto unit = weight_unit(p.target, p.receptor);
    if (unit && !(p.edges && p.edges->weight_from_file)) map.add(grammar::weight, value_text(p.weight, *unit));
    if (!(p.edges && p.edges->delay_from_file)) map.add(grammar::delay, value_text(p.delay, grammar::delay.unit));
    line("  - {}", map.text());
  }

  static void edges(const EdgesConfig& e, FlowMap& map) {
    map.add(grammar::edges_file, in_quotes(e.file));
    if (!e.population.empty()) map.add(grammar::edges_population, in_quotes(e.population));
    if (!e.types.empty()) map.add(grammar::edges_types, in_quotes(e.types));
    if (e.sign != EdgesConfig::Sign::any)
      map.add(grammar::edges_sign, std::string(grammar::signs[e.sign == EdgesConfig::Sign::negative ? 1 : 0]));
  }

  void input(const InputConfig& i) {
    const ModelInfo info = on_neuron(model(ModelKind::input, i.type), model_of(*populations_.at(i.target)));
    FlowMap map;
    map.add(grammar::type, i.type).add(grammar::input_target, name_text(i.target));
    if (!i.name.empty()) map.add(grammar::input_name, name_text(i.name));
    const Unit unit = weight_unit(i.target, i.receptor).value_or(unit::one);
    if (!i.receptor.empty()) map.add(grammar::input_receptor, name_text(i.receptor));
    if (!i.ids.empty()) map.add(grammar::ids, ids_text(i.ids));
    add_fields(map, info, i.params, &unit);
    if (const FieldInfo* times = field_of_form(info, Form::times))
      map.add(times->name, i.times_file ? dataset_text(*i.times_file) : list_text(i.times));
    if (const FieldInfo* series = field_of_form(info, Form::series)) map.add(series->name, list_text(i.values));
    line("  - {}", map.text());
  }

  void record() {
    const auto& r = config_.record;
    if (r.spikes.empty() && r.traces.empty()) return;
    line("{}:", grammar::record.name);
    if (!r.spikes.empty()) line("  {}: {}", grammar::spikes.name, names_text(r.spikes));
    if (r.spikes_file != RecordConfig{}.spikes_file) line("  {}: {}", grammar::spikes_file.name, r.spikes_file);
    if (!r.traces.empty()) line("  {}:", grammar::traces.name);
    for (const auto& t : r.traces) {
      FlowMap map;
      map.add(grammar::trace_population, name_text(t.population));
      if (!t.ids.empty()) map.add(grammar::ids, ids_text(t.ids));
      map.add(grammar::trace_variables, names_text(t.variables));
      map.add(grammar::every, with_unit(static_cast<double>(t.every) * config_.dt, grammar::every.unit));
      map.add(grammar::trace_precision, precision(t.double_precision));
      if (!t.file.empty()) map.add(grammar::trace_file, t.file);
      line("    - {}", map.text());
    }
  }

  static std::string names_text(const std::vector<std::string>& names) {
    std::vector<std::string> texts;
    texts.reserve(names.size());
    for (const auto& n : names) texts.push_back(name_text(n));
    return fmt::format("[{}]", fmt::join(texts, ", "));
  }

  void checkpoint(const CheckpointConfig& c) {
    FlowMap map;
    if (c.every_ms > 0.0) map.add(grammar::checkpoint_every, with_unit(c.every_ms, grammar::checkpoint_every.unit));
    if (c.every_wall_s > 0.0) map.add(grammar::every_wall, with_unit(c.every_wall_s, grammar::every_wall.unit));
    map.add(grammar::keep, std::to_string(c.keep));
    line("{}: {}", grammar::checkpoint.name, map.text());
  }

  const Config& config_;
  const Catalogue& catalogue_;
  std::unordered_map<std::string, const PopulationConfig*> populations_;
  std::string text_;
};

}  // namespace

std::string resolved_yaml(const Config& config, const Catalogue& catalogue) {
  return ConfigPrinter(config, catalogue).print();
}

std::string network_text(const Config& config, const Catalogue& catalogue) {
  return ConfigPrinter(config, catalogue).print_network();
}

}  // namespace ranvier
