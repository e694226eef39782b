#include "core/convert/edge_types.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "io/config/populations.hpp"

namespace ranvier {
namespace {

std::optional<double> constant(const Value& value) {
  const double* number = std::get_if<double>(&value);
  return number ? std::optional(*number) : std::nullopt;
}

/// Projections between the same populations onto the same receptor are numbered; whatever else the names happen to be, no
/// two are equal.
std::string unused_name(const ProjectionConfig& p, std::set<std::string>& used) {
  const std::string base = fmt::format("{}_to_{}_{}", p.source, p.target, p.receptor);
  std::string name = base;
  for (int k = 1; !used.insert(name).second; ++k) name = fmt::format("{}_{}", base, k);
  return name;
}

std::string text_of(const std::optional<double>& value) { return value ? fmt::format("{}", *value) : "NULL"; }

}  // namespace

std::vector<EdgeType> describe_edges(const Config& config, const Catalogue& catalogue) {
  std::vector<EdgeType> types;
  std::set<std::string> used;
  for (std::size_t i = 0; i < config.projections.size(); ++i) {
    const ProjectionConfig& p = config.projections[i];
    if (!p.signal.empty()) continue;
    EdgeType type;
    type.id = static_cast<std::int64_t>(types.size());
    type.projection = i;
    type.population = unused_name(p, used);
    type.source = p.source;
    type.target = p.target;
    type.receptor = p.receptor;
    if (const auto unit = weight_unit_onto(*config.find_population(p.target), p.receptor, catalogue))
      type.weight_unit = unit->symbol;
    if (!p.edges || !p.edges->weight_from_file) type.weight = constant(p.weight);
    if (!p.edges || !p.edges->delay_from_file) type.delay = constant(p.delay);
    types.push_back(std::move(type));
  }
  return types;
}

void replace_by_edges(Config& config, const EdgeType& type, const std::string& file) {
  ProjectionConfig& p = config.projections[type.projection];
  p.rule = {"edges"};
  p.edges = EdgesConfig{};
  p.edges->file = file;
  p.edges->population = type.population;
  p.edges->weight_from_file = !type.weight;
  p.edges->delay_from_file = !type.delay;
}

std::string edge_types_csv(const std::vector<EdgeType>& types) {
  std::string text =
      "edge_type_id population source_query target_query model_template dynamics_params receptor syn_weight delay\n";
  for (const EdgeType& t : types)
    text += fmt::format("{} {} * * nest:static_synapse {} {} {} {}\n", t.id, t.population, synapse_parameters_file,
                        t.receptor, text_of(t.weight), text_of(t.delay));
  return text;
}

}  // namespace ranvier
