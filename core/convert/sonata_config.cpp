#include "core/convert/sonata_config.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ranvier {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) { return json.dump(2) + "\n"; }

Json manifest() { return {{"$BASE_DIR", "."}}; }

/// Of two receptors `ex` and `in` the sign of a weight chooses, so that no weight may have the sign of the other.
bool signs_fit(const EdgeType& edges) {
  const double least = edges.weight.value_or(edges.least_weight), most = edges.weight.value_or(edges.largest_weight);
  return edges.receptor == "ex" ? least >= 0.0 : edges.receptor == "in" ? most <= 0.0 : true;
}

/// A trace of all neurons reports the population; one of some, a node set of its own.
std::string cells_of(const TraceConfig& trace, std::size_t number, Json& node_sets) {
  std::string name = trace.ids.empty() ? trace.population : fmt::format("{}_{}", trace.population, number);
  Json set{{"population", trace.population}};
  for (const auto& [first, end] : trace.ids)
    for (std::uint64_t id = first; id < end; ++id) set["node_id"].push_back(id);
  node_sets[name] = std::move(set);
  return name;
}

}  // namespace

std::string circuit_config(const std::vector<NodeType>& nodes, const std::vector<EdgeType>& edges) {
  Json json;
  json["manifest"] = manifest();
  json["components"]["point_neuron_models_dir"] = "$BASE_DIR/components";
  json["components"]["synaptic_models_dir"] = "$BASE_DIR/components";
  json["networks"]["nodes"] = Json::array();
  json["networks"]["edges"] = Json::array();
  // Populations and their types are what libsonata looks for; others take them from the files.
  Json node_populations = Json::object(), edge_populations = Json::object();
  for (const NodeType& n : nodes) node_populations[n.population]["type"] = n.model_type;
  for (const EdgeType& e : edges) edge_populations[e.population]["type"] = "chemical";
  if (!nodes.empty())
    json["networks"]["nodes"].push_back({{"nodes_file", "$BASE_DIR/nodes.h5"},
                                         {"node_types_file", "$BASE_DIR/node_types.csv"},
                                         {"populations", node_populations}});
  if (!edges.empty())
    json["networks"]["edges"].push_back({{"edges_file", "$BASE_DIR/edges.h5"},
                                         {"edge_types_file", "$BASE_DIR/edge_types.csv"},
                                         {"populations", edge_populations}});
  return text_of(json);
}

std::string not_in_sonata(const Config& config, const std::vector<NodeType>& nodes,
                          const std::vector<EdgeType>& edges) {
  std::vector<std::string> reasons;
  const auto say = [&](std::string reason) {
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) reasons.push_back(std::move(reason));
  };
  for (const NodeType& n : nodes)
    if (!n.is_virtual() && !n.is_nest()) say("model " + n.model_template);
  for (const ProjectionConfig& p : config.projections)
    if (!p.signal.empty())
      say("signals");
    else if (p.synapse.model != ProjectionConfig{}.synapse.model)
      say("synapse " + p.synapse.model);
  for (const InputConfig& i : config.inputs) say("input " + i.type);
  for (const EdgeType& e : edges)
    if (!signs_fit(e)) say("weights whose sign is not that of their receptor");
  return fmt::format("{}", fmt::join(reasons, ", "));
}

SimulationFiles simulation_config(const Config& config, const std::vector<NodeType>& nodes) {
  Json json, node_sets = Json::object();
  json["manifest"] = manifest();
  json["manifest"]["$OUTPUT_DIR"] = "$BASE_DIR/output";
  json["run"] = {{"tstop", config.duration}, {"dt", config.dt}};
  json["target_simulator"] = "NEST";
  json["network"] = "$BASE_DIR/circuit_config.json";
  json["node_sets_file"] = "$BASE_DIR/node_sets.json";
  json["inputs"] = Json::object();
  for (const NodeType& n : nodes) {
    if (!n.is_virtual()) continue;
    json["inputs"][n.population] = {{"input_type", "spikes"},
                                    {"module", "sonata"},
                                    {"input_file", std::string("$BASE_DIR/") + input_spikes_file},
                                    {"node_set", n.population}};
    node_sets[n.population] = {{"population", n.population}};
  }
  json["output"] = {{"output_dir", "$OUTPUT_DIR"}, {"spikes_file", "spikes.h5"}, {"spikes_sort_order", "by_time"}};
  json["reports"] = Json::object();
  std::size_t number = 0;
  for (const TraceConfig& trace : config.record.traces) {
    const std::string cells = cells_of(trace, number++, node_sets);
    for (const std::string& variable : trace.variables)
      json["reports"][fmt::format("{}_{}", cells, variable)] = {
          {"cells", cells},     {"variable_name", variable}, {"module", "multimeter_report"},
          {"sections", "soma"}, {"enabled", true},           {"dt", static_cast<double>(trace.every) * config.dt}};
  }
  return {text_of(json), text_of(node_sets)};
}

}  // namespace ranvier
