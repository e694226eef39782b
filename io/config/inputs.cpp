#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "io/config/fields.hpp"
#include "io/config/projections.hpp"
#include "io/config/references.hpp"
#include "io/config/sections.hpp"
#include "io/config/values.hpp"

namespace ranvier {
namespace {

constexpr std::size_t most_inputs = 200'000;

class InputReader {
 public:
  /// `names` holds "population:name" of the inputs before this one.
  InputReader(Context& context, const YamlNode& node, const Populations& populations,
              std::unordered_set<std::string>& names)
      : context_(context), node_(node), populations_(populations), names_(names) {}

  void read(std::vector<InputConfig>& out) {
    model_ = read_model(context_, node_, grammar::input_section);
    const YamlNode* target = model_ ? find(node_, grammar::input_target) : nullptr;
    if (!target) return;
    read_name();
    const auto names = read_names(context_, *target, std::string(grammar::input_target.name));
    if (out.size() + names.size() > most_inputs)
      return context_.error(node_.place, "more than {} inputs in all", most_inputs);
    for (const auto& [name, place] : names)
      if (const auto* population = populations_.named(context_, name, place, grammar::input_target.name))
        if (auto input = read_onto(*population, place)) {
          if (check_new_state_name(*input, *population)) out.push_back(std::move(*input));
        }
  }

 private:
  void read_name() {
    const YamlNode* node = find(node_, grammar::input_name);
    if (!node) return;
    const bool has_states = std::any_of(model_->fields.begin(), model_->fields.end(),
                                        [](const FieldInfo& f) { return f.role == Role::state; });
    if (!has_states)
      return context_.error(node->place, "name: '{}' has no states to record; leave it out", model_->name);
    const auto text = read_text(context_, *node, std::string(grammar::input_name.name));
    if (text && check_new_name(context_, node->place, *text, "an input")) name_ = *text;
  }

  /// States of receptors and inputs are told apart by the name alone.
  bool check_new_state_name(const InputConfig& input, const PopulationConfig& target) {
    if (input.name.empty()) return true;
    const auto& receptors = target.receptors;
    const bool taken =
        std::any_of(receptors.begin(), receptors.end(), [&](const auto& r) { return r.name == input.name; }) ||
        !names_.insert(target.name + ":" + input.name).second;
    if (taken)
      context_.error(node_.find(grammar::input_name.name)->place,
                     "name: population '{}' already has a receptor or input called '{}'", target.name, input.name);
    return !taken;
  }

  std::optional<InputConfig> read_onto(const PopulationConfig& target, const Place& place) {
    InputConfig input;
    input.type = model_->name;
    input.name = name_;
    input.target = target.name;
    std::optional<UnitOf> weight;
    if (!read_receptor(target, place, input, weight)) return std::nullopt;
    const ModelInfo model = on_neuron(*model_, populations_.model_of(target));
    FieldValues fields = read_fields(context_, node_, model, Role::parameter, weight);
    check_parameters(context_, node_.place, &node_, model, fields.values);
    for (const auto& [name, value] : fields.values)
      if (weight && name == weight->name) check_weight(context_, node_.find(name)->place, value, receptor_);
    input.params = std::move(fields.values);
    if (!fields.times.empty()) input.times = std::move(fields.times[0]);
    if (fields.times_per_neuron)
      context_.error(node_.place,
                     "an input has one list of times for all neurons; for a list per neuron use a population of the "
                     "model spike_times");
    input.values = std::move(fields.series);
    input.times_file = std::move(fields.times_file);
    if (const YamlNode* ids = find(node_, grammar::ids))
      input.ids = read_ids(context_, *ids, std::string(grammar::ids.name), target.size).value_or(IdRanges{});
    return input;
  }

  /// An input whose spikes have a weight arrives at a receptor; one without is a current.
  bool read_receptor(const PopulationConfig& target, const Place& place, InputConfig& input,
                     std::optional<UnitOf>& weight_unit) {
    const std::string weight_name(grammar::weight.name);
    const YamlNode* node = find(node_, grammar::input_receptor);
    if (!model_->find(weight_name)) {
      if (node)
        context_.error(node->place, "receptor: '{}' is not an input of spikes and needs no receptor; leave the key out",
                       model_->name);
      const ModelInfo& neuron = populations_.model_of(target);
      const bool takes_current = neuron.find("V_m") != nullptr;
      const bool takes_it =
          takes_current && (!model_->gives_conductance || neuron.receptors == ReceptorPolicy::composed);
      if (!takes_it)
        context_.error(place, "target: population '{}' is of the model '{}', which takes no {}{}", target.name,
                       target.model, takes_current ? "conductance" : "current",
                       takes_current ? fmt::format(" such as '{}'", model_->name) : "");
      return !node && takes_it;
    }
    const ReceptorView* receptor = populations_.choose_receptor(context_, target, node, place);
    if (!receptor || !check_takes_spikes(context_, place, *receptor)) return false;
    input.receptor = receptor->name;
    receptor_ = *receptor;
    weight_unit = UnitOf{weight_name, receptor->weight_unit};
    return check_weight_allowed(context_, node_, *receptor, target);
  }

  Context& context_;
  const YamlNode& node_;
  const Populations& populations_;
  std::unordered_set<std::string>& names_;
  const ModelInfo* model_ = nullptr;
  std::string name_;
  ReceptorView receptor_;
};

}  // namespace

std::vector<InputConfig> read_inputs(Context& context, const YamlNode& list, const Populations& populations) {
  std::vector<InputConfig> all;
  if (list.is_null()) return all;
  if (!list.is_list()) {
    context.error(list.place, "{}: expected a list of inputs, got {}", grammar::inputs.name, what_is(list));
    return all;
  }
  std::unordered_set<std::string> names;
  for (const auto& node : list.items) InputReader(context, node, populations, names).read(all);
  std::unordered_map<std::string, std::size_t> count;
  for (auto& input : all) {
    const std::string names = fmt::format("{}>{}:{}", input.type, input.target, input.receptor);
    input.key = fmt::format("{}#{}", names, count[names]++);
  }
  return all;
}

}  // namespace ranvier
