#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/catalogue/catalogue.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// What SONATA says of the edges that one projection becomes.
struct EdgeType {
  std::int64_t id = 0;
  std::size_t projection = 0;  ///< in the config
  std::string population;      ///< of edges: source_to_target_receptor
  std::string source, target, receptor;
  std::string weight_unit;
  std::optional<double> weight, delay;              ///< of all edges; else they are in the edges file
  double least_weight = 0.0, largest_weight = 0.0;  ///< of all edges, once they are written
};

/// One type for each projection that makes synapses, in the order of the config.
std::vector<EdgeType> describe_edges(const Config&, const Catalogue&);

/// Takes the rule of a projection out of the config and puts the edges file in its place. What all edges share stays with
/// the projection: its synapses then lie in the same tables, and have the same bits.
void replace_by_edges(Config&, const EdgeType&, const std::string& file);

/// `edge_types.csv`, and the file that it names as the parameters of all synapses. There are none, but BMTK and PyNN ask
/// for the file.
inline constexpr const char* synapse_parameters_file = "static_synapse.json";
std::string edge_types_csv(const std::vector<EdgeType>& types);

}  // namespace ranvier
