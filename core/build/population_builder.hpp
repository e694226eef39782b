#pragma once
#include <optional>
#include <vector>

#include "core/build/node_selections.hpp"
#include "core/build/partition.hpp"
#include "io/network/config.hpp"
#include "io/sonata/nodes/node_values.hpp"
#include "kernels/layout/layout.hpp"
#include "kernels/populations/population.hpp"
#include "kernels/registry/registry.hpp"

namespace ranvier {

/// Turns populations and inputs of a config into what the kernels are made from: parameters and initial values of this
/// rank's neurons, drawn or read; inputs on the grid. Drawn values are checked against the model's ranges here, since
/// only here they are known. UsageError where one is out of range; RuntimeError for files.
class PopulationBuilder {
 public:
  PopulationBuilder(const Config& config, const Registry& models, const Partition& partition,
                    const NodeSelections& nodes)
      : config_(config), models_(models), partition_(partition), nodes_(nodes) {}

  /// The plan of one population, without what depends on the scales of receptors.
  PopulationPlan plan(std::size_t population, const PopulationLayout& layout) const;

  /// Number of receptors (ports) of a population.
  std::uint32_t receptors(std::size_t population) const;
  /// The declared range of a state of the model (`V_m`) or of a receptor (`receptor.state`), which must exist.
  Range range_of(std::size_t population, const std::string& state) const;
  /// The unit of the weights of a receptor that is a conductance; nothing where it is a current.
  std::optional<Unit> conductance_unit(std::size_t population, std::uint32_t receptor) const;
  /// Index of a receptor by name; an empty name is the only one.
  std::uint32_t receptor_index(std::size_t population, const std::string& name) const;

 private:
  std::vector<std::string> receptor_names(std::size_t population) const;
  /// `nodes`: null where the population is not read from a nodes file.
  Columns columns(const ValueMap& values, const std::string& owner, Purpose purpose, const PopulationLayout& layout,
                  NodeShare* nodes) const;
  Column column(const std::string& name, const Value& value, const std::string& owner, Purpose purpose,
                const PopulationLayout& layout, NodeShare* nodes) const;
  /// Inputs onto a population in the order of their keys: currents are summed in floating point, where order shows.
  std::vector<const InputConfig*> inputs_of(const std::string& population) const;
  InputPlan input(const InputConfig& input, std::size_t population, const PopulationLayout& layout) const;
  std::vector<std::vector<Step>> spike_steps(const PopulationConfig& population, const PopulationLayout& layout,
                                             const NodeIds* nodes) const;

  const Config& config_;
  const Registry& models_;
  const Partition& partition_;
  const NodeSelections& nodes_;
};

}  // namespace ranvier
