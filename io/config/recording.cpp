#include "io/config/recording.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "io/config/sections.hpp"
#include "io/config/values.hpp"

namespace ranvier {
namespace {

/// The names that can be recorded of each population, worked out when they are first asked for.
class Recordable {
 public:
  Recordable(Context& context, const Populations& populations, const std::vector<InputConfig>& inputs)
      : context_(context), populations_(populations) {
    for (const auto& input : inputs)
      if (!input.name.empty()) named_inputs_[input.target].push_back(input);
  }

  void check(const PopulationConfig& population, const std::string& variable, const Place& place) {
    const auto& known = known_of(population);
    if (known.contains(variable)) return;
    context_.error(place, "{}: '{}' is not a recordable state of population '{}'{}", grammar::trace_variables.name,
                   variable, population.name, hint_for(variable, states_of(population)));
  }

 private:
  std::vector<std::string> states_of(const PopulationConfig& population) {
    std::vector<std::string> names;
    for (const auto& field : with_all_states(populations_.model_of(population), population,
                                             named_inputs_[population.name], context_.catalogue)
                                 .fields)
      if (field.role == Role::state) names.push_back(field.name);
    return names;
  }

  const std::unordered_set<std::string>& known_of(const PopulationConfig& population) {
    const auto [entry, is_new] = known_.try_emplace(population.name);
    if (is_new)
      for (auto& name : states_of(population)) entry->second.insert(std::move(name));
    return entry->second;
  }

  Context& context_;
  const Populations& populations_;
  std::unordered_map<std::string, std::vector<InputConfig>> named_inputs_;
  std::unordered_map<std::string, std::unordered_set<std::string>> known_;
};

/// A time in whole steps, at least one.
std::optional<Step> read_steps(Context& context, const YamlNode& node, const grammar::Key& key) {
  const auto time = read_number(context, node, {std::string(key.name), key.unit, key.range});
  if (!time) return std::nullopt;
  const double steps = std::round(*time / context.dt);
  if (steps > most_steps) {
    context.error(node.place, "{}: more than 2^53 steps of {} ms", key.name, context.dt);
    return std::nullopt;
  }
  if (steps >= 1.0 && on_grid(*time, context.dt)) return static_cast<Step>(steps);
  context.error(node.place, "{}: must be a whole number of steps of {} ms, got {} ms", key.name, context.dt, *time);
  return std::nullopt;
}

/// The name of a file of results.
std::optional<std::string> read_result_name(Context& context, const YamlNode& node, const grammar::Key& key) {
  auto text = read_text(context, node, std::string(key.name));
  if (!text) return std::nullopt;
  constexpr std::size_t longest = 128;
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  const bool reserved = text->starts_with("checkpoint");
  const bool good = !reserved && text->size() <= longest && text->size() > 3 && text->ends_with(".h5") &&
                    letter(text->front()) &&
                    std::all_of(text->begin(), text->end(), [&](char c) { return letter(c) || c == '-' || c == '.'; });
  if (good) return text;
  context.error(node.place,
                "{}: '{}' is not a valid name for a file of results (letters, digits, '.', '_' and '-', ending in "
                ".h5, not starting with 'checkpoint')",
                key.name, *text);
  return std::nullopt;
}

std::optional<TraceConfig> read_trace(Context& context, const YamlNode& node, const Populations& populations,
                                      Recordable& recordable) {
  if (!check_section(context, node, grammar::trace_section)) return std::nullopt;
  TraceConfig trace;
  if (const YamlNode* every = find(node, grammar::every))
    trace.every = read_steps(context, *every, grammar::every).value_or(1);
  if (const YamlNode* precision = find(node, grammar::trace_precision)) {
    const auto& choices = grammar::trace_precision.choices;
    trace.double_precision =
        read_choice(context, *precision, "precision", "precision", {choices.begin(), choices.end()}) == "double";
  }
  const YamlNode *name = find(node, grammar::trace_population), *variables = find(node, grammar::trace_variables);
  const auto text = name ? read_text(context, *name, std::string(grammar::trace_population.name)) : std::nullopt;
  const PopulationConfig* population =
      text ? populations.named(context, *text, name->place, grammar::trace_population.name) : nullptr;
  if (!population) return std::nullopt;
  trace.population = population->name;
  if (const YamlNode* ids = find(node, grammar::ids))
    trace.ids = read_ids(context, *ids, std::string(grammar::ids.name), population->size).value_or(IdRanges{});
  if (!variables) return std::nullopt;
  for (const auto& [variable, place] : read_names(context, *variables, std::string(grammar::trace_variables.name))) {
    recordable.check(*population, variable, place);
    trace.variables.push_back(variable);
  }
  if (const YamlNode* file = find(node, grammar::trace_file)) {
    trace.file = read_result_name(context, *file, grammar::trace_file).value_or("");
    if (trace.variables.size() > 1)
      context.error(file->place, "file: one file can contain only one variable, but {} are listed",
                    trace.variables.size());
  }
  return trace;
}

/// No two recordings may go into one file.
void check_file_names(Context& context, const YamlNode& traces, const RecordConfig& record) {
  std::vector<std::string> taken{record.spikes_file};
  for (std::size_t i = 0; i < record.traces.size(); ++i) {
    const std::string& file = record.traces[i].file;
    if (file.empty()) continue;
    if (std::find(taken.begin(), taken.end(), file) != taken.end())
      context.error(traces.place, "file: '{}' is already the file of another recording", file);
    taken.push_back(file);
  }
}

/// Populations of one group of nodes share a group in the file of spikes; different things must not.
void check_group_names(Context& context, const YamlNode& spikes, const RecordConfig& record,
                       const Populations& populations) {
  std::map<std::string, const PopulationConfig*> groups;
  for (const auto& name : record.spikes) {
    const PopulationConfig* p = populations.named(context, name, spikes.place, grammar::spikes.name);
    const auto [found, fresh] = groups.emplace(p->nodes ? p->nodes->population : p->name, p);
    const PopulationConfig* other = found->second;
    if (fresh || (p->nodes && other->nodes && p->nodes->file == other->nodes->file)) continue;
    context.error(spikes.place, "spikes: populations '{}' and '{}' would both have the name '{}' in the file",
                  other->name, name, found->first);
  }
}

}  // namespace

RecordConfig read_record(Context& context, const YamlNode& node, const Populations& populations,
                         const std::vector<InputConfig>& inputs) {
  RecordConfig record;
  if (node.is_null() || !check_section(context, node, grammar::record_section)) return record;
  if (const YamlNode* spikes = find(node, grammar::spikes); spikes && !spikes->is_null())
    for (const auto& [name, place] : read_names(context, *spikes, std::string(grammar::spikes.name)))
      if (populations.named(context, name, place, grammar::spikes.name)) record.spikes.push_back(name);
  if (const YamlNode* spikes = find(node, grammar::spikes)) check_group_names(context, *spikes, record, populations);
  if (const YamlNode* file = find(node, grammar::spikes_file))
    record.spikes_file = read_result_name(context, *file, grammar::spikes_file).value_or(record.spikes_file);
  const YamlNode* traces = find(node, grammar::traces);
  if (!traces || traces->is_null()) return record;
  if (!traces->is_list()) {
    context.error(traces->place, "{}: expected a list of traces, got {}", grammar::traces.name, what_is(*traces));
    return record;
  }
  Recordable recordable(context, populations, inputs);
  for (const auto& item : traces->items)
    if (auto trace = read_trace(context, item, populations, recordable)) record.traces.push_back(std::move(*trace));
  check_file_names(context, *traces, record);
  return record;
}

CheckpointConfig read_checkpoint(Context& context, const YamlNode& node) {
  CheckpointConfig checkpoint;
  if (node.is_null() || !check_section(context, node, grammar::checkpoint_section)) return checkpoint;
  if (const YamlNode* every = find(node, grammar::checkpoint_every))
    if (read_steps(context, *every, grammar::checkpoint_every))
      checkpoint.every_ms = read_number(context, *every, {"every", grammar::checkpoint_every.unit}).value_or(0.0);
  if (const YamlNode* wall = find(node, grammar::every_wall))
    checkpoint.every_wall_s =
        read_number(context, *wall,
                    {std::string(grammar::every_wall.name), grammar::every_wall.unit, grammar::every_wall.range})
            .value_or(0.0);
  if (const YamlNode* keep = find(node, grammar::keep)) {
    const Range allowed{.min = 1, .max = 1000};
    checkpoint.keep =
        static_cast<int>(read_count(context, *keep, {std::string(grammar::keep.name), unit::one, allowed}).value_or(2));
  }
  return checkpoint;
}

}  // namespace ranvier
