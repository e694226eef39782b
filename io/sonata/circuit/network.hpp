#pragma once
#include <deque>
#include <string>
#include <vector>

#include "io/sonata/circuit/json_files.hpp"
#include "io/sonata/nodes/node_types.hpp"

namespace ranvier::sonata {

/// A population of ours: nodes of one SONATA population that one model simulates.
struct CircuitPopulation {
  std::string name;  ///< in the YAML
  const NodeTypes* types = nullptr;
  const NodeKind* kind = nullptr;
  bool whole = true;   ///< it takes all nodes
  std::string times;   ///< YAML of the spikes of virtual nodes; empty: none
  std::string origin;  ///< comment with the place of the nodes in the config

  bool is_virtual() const { return kind->model == nullptr; }
  const std::string& nodes() const { return types->summary().population; }
};

/// Edges from one SONATA population to another.
struct CircuitEdges {
  std::string file, types_file, population, source, target;
  std::string origin;  ///< comment with their place in the config
};

/// What a circuit consists of.
struct Network {
  std::deque<NodeTypes> types;
  std::vector<CircuitPopulation> populations;
  std::vector<CircuitEdges> edges;
};

/// Reads `networks` and `components`. Mistakes go to `json`; what cannot be read is left out.
Network read_network(JsonFiles& json, FileFacts&);

}  // namespace ranvier::sonata
