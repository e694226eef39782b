#include "tests/fuzz/read_circuit.hpp"

#include <optional>
#include <set>

#include "io/config/reader.hpp"
#include "io/config/resolved.hpp"
#include "io/sonata/nodes/node_values.hpp"
#include "io/sonata/nodes/selected_nodes.hpp"
#include "io/sonata/nodes/templates.hpp"
#include "io/sonata/recordings/spike_input.hpp"
#include "tests/fuzz/catalogue.hpp"
#include "tests/fuzz/target.hpp"

namespace ranvier::fuzz {
namespace {

/// A neuron with the fields that nodes of this template have; it brings its receptors itself.
ModelInfo model_for(const sonata::NodeTemplate& from) {
  ModelInfo m = test::named(std::string(from.model), ModelKind::neuron, {});
  std::set<std::string_view> seen;
  for (const auto& field : from.fields) {
    if (field.ours.empty() || !seen.insert(field.ours).second) continue;
    const std::string name(field.ours);
    const bool is_state = field.part == sonata::Part::state;
    m.fields.push_back(is_state ? test::state(name, unit::mV, field.value)
                                : test::parameter(name, unit::one, field.value));
  }
  m.receptors = ReceptorPolicy::own;
  m.own_receptors = {{"ex", unit::pA, "excitatory"}, {"in", unit::pA, "inhibitory"}};
  m.constraints = {{"V_reset", "V_th", false}};
  return m;
}

Catalogue with_nest() {
  Catalogue all = catalogue();
  for (const char* name : {"nest:iaf_psc_alpha", "nest:iaf_psc_exp"})
    if (const auto* found = sonata::find_template(name)) all.models.push_back(model_for(*found));
  return all;
}

void read_numbers(const PopulationConfig& population) {
  if (!population.nodes) return;
  std::optional<IdSet> selected;
  if (!population.nodes->types.empty()) selected.emplace(selected_nodes(*population.nodes, 0, 1));
  if (selected && selected->size() != population.size) return;  // as core refuses
  const NodeIds ids(population.nodes->size, selected ? &*selected : nullptr);
  NodeShare share(*population.nodes, ids, 0, population.size);
  for (const ValueMap* values : {&population.params, &population.init})
    for (const auto& [name, value] : *values)
      if (const auto* nodes = std::get_if<NodeValues>(&value)) {
        check_node_values(*population.nodes, ids, *nodes);
        require(share(*nodes).size() == population.size, "a node without a number", name);
      }
}

void read_spikes(const PopulationConfig& population) {
  if (!population.spike_file) return;
  for_spikes(*population.spike_file, [](std::span<const std::uint64_t> nodes, std::span<const double> times) {
    require(nodes.size() == times.size(), "a spike without a time or a node");
    for (const double t : times) require(t >= 0.0, "a spike before the start");
  });
}

}  // namespace

void read_circuit(const std::string& path) {
  static const Catalogue nest = with_nest();
  FileFacts files;
  const ConfigText text = load_config(path, files, [](const std::string&) {});
  const Config config = parse_config(text, nest, {}, files);
  for (const auto& population : config.populations) {
    read_numbers(population);
    read_spikes(population);
  }
  FileFacts known(files.packed());
  const std::string resolved = resolved_yaml(config, nest);
  const std::string again = resolved_yaml(parse_config(text, nest, {}, known), nest);
  require(resolved == again, "other ranks see another config", resolved + "\n---\n" + again);
}

}  // namespace ranvier::fuzz
