#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/catalogue/catalogue.hpp"
#include "io/network/config.hpp"
#include "io/sonata/nodes/nodes_writer.hpp"
#include "kernels/populations/population.hpp"

namespace ranvier {

/// The spikes of populations that are given them, in the folder of the circuit.
inline constexpr const char* input_spikes_file = "input_spikes.h5";

/// What SONATA says of the nodes of one population.
struct NodeType {
  std::int64_t id = 0;
  std::string population;
  std::string model_type;                          ///< "point_neuron", or "virtual" where spikes come from a file
  std::string model_template;                      ///< "nest:..." or "ranvier:..."; empty for virtual nodes
  nlohmann::ordered_json parameters;               ///< those that all nodes share, defaults included
  std::vector<NodePopulation::Parameter> varying;  ///< those in the nodes file

  bool has_spikes = false;  ///< virtual: network.yaml takes its spikes from input_spikes_file

  bool is_virtual() const { return model_template.empty(); }
  bool is_nest() const { return model_template.starts_with("nest:"); }
};

/// Splits the parameters and initial values of a population into those that all neurons share and those of the nodes file
/// `file`, which then take the place of distributions and datasets in the config. Receptors' are called
/// `receptor.name`.
NodeType describe_nodes(PopulationConfig& population, std::int64_t id, const std::string& file, const Catalogue&);

/// The numbers of this rank's neurons for what varies, in the order of `varying`.
std::vector<std::vector<double>> varying_values(const NodeType&, const PopulationPlan&);

/// `node_types.csv`, whose dynamics_params are the files that parameters_file() names.
std::string node_types_csv(const std::vector<NodeType>& types);
std::string parameters_file(const NodeType& type);

}  // namespace ranvier
