#pragma once
#include <string>
#include <vector>

#include "core/convert/edge_types.hpp"
#include "core/convert/node_types.hpp"
#include "io/network/config.hpp"

/// The JSON files that make a SONATA circuit, and a simulation of it, of files of nodes and edges.
namespace ranvier {

/// `circuit_config.json`.
std::string circuit_config(const std::vector<NodeType>& nodes, const std::vector<EdgeType>& edges);

/// What of a network SONATA cannot say, in words: "poisson inputs". Empty where there is nothing. Needs the range of the
/// weights of all edges: their signs choose the receptor.
std::string not_in_sonata(const Config& config, const std::vector<NodeType>& nodes, const std::vector<EdgeType>& edges);

/// `simulation_config.json`, and the node sets that its reports refer to.
struct SimulationFiles {
  std::string simulation, node_sets;
};
/// For a network with all of it in SONATA; spikes of virtual nodes are in `input_spikes.h5`.
SimulationFiles simulation_config(const Config& config, const std::vector<NodeType>& nodes);

}  // namespace ranvier
