#include "io/config/edges.hpp"

#include <algorithm>

#include "io/config/sections.hpp"
#include "io/config/values.hpp"

namespace ranvier {
namespace {

constexpr std::string_view excitatory = "ex", inhibitory = "in";

}  // namespace

std::optional<EdgesConfig> read_edges_config(Context& context, const YamlNode& rule, const YamlNode& projection) {
  const YamlNode* file = find(rule, grammar::edges_file);
  if (!file) return std::nullopt;  // required: its absence has been reported
  EdgesConfig edges;
  const auto name = [](const grammar::Key& key) { return std::string(key.name); };
  edges.file = read_file_name(context, *file, name(grammar::edges_file)).value_or("");
  if (const YamlNode* population = find(rule, grammar::edges_population))
    edges.population = read_text(context, *population, name(grammar::edges_population)).value_or("");
  if (const YamlNode* types = find(rule, grammar::edges_types))
    edges.types = read_file_name(context, *types, name(grammar::edges_types)).value_or("");
  if (const YamlNode* sign = find(rule, grammar::edges_sign)) {
    const auto& choices = grammar::edges_sign.choices;
    const auto choice =
        read_choice(context, *sign, name(grammar::edges_sign), "sign", {choices.begin(), choices.end()});
    edges.sign = choice == choices[1] ? EdgesConfig::Sign::negative : EdgesConfig::Sign::positive;
  }
  edges.weight_from_file = !find(projection, grammar::weight);
  edges.delay_from_file = !find(projection, grammar::delay);
  return edges;
}

bool sign_chooses(const YamlNode& rule, const YamlNode& projection, const std::vector<ReceptorView>& receptors) {
  const bool decided = find(projection, grammar::receptor) || find(projection, grammar::weight);
  if (decided || find(rule, grammar::edges_sign)) return false;
  return receptors.size() == 2 && std::all_of(receptors.begin(), receptors.end(), [](const ReceptorView& r) {
           return !r.takes_signal && (r.name == excitatory || r.name == inhibitory);
         });
}

ProjectionConfig onto_sign(ProjectionConfig projection, const PopulationConfig& target, const ReceptorView& receptor) {
  projection.target = target.name;
  projection.receptor = receptor.name;
  projection.edges->sign = receptor.name == excitatory ? EdgesConfig::Sign::positive : EdgesConfig::Sign::negative;
  fit_to_receptor(*projection.edges, receptor);
  return projection;
}

void fit_to_receptor(EdgesConfig& edges, const ReceptorView& receptor) {
  edges.magnitude = receptor.conductance;
  if (receptor.counts) edges.weight_from_file = false;
}

}  // namespace ranvier
