#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/base/id_set.hpp"
#include "io/network/config.hpp"
#include "io/sonata/edges/edges_request.hpp"
#include "io/sonata/nodes/node_values.hpp"

namespace ranvier {

/// Which nodes of SONATA files the populations of a network are, where they are not all: what node ids in a file of edges
/// mean, and what recordings call the neurons. A bit for each node of the file is held.
class NodeSelections {
 public:
  /// This process reads the files, without MPI.
  explicit NodeSelections(const Config& config);
  /// Collective: the ranks read the files in equal parts.
  NodeSelections(const Config& config, const Communicator& comm);

  /// Which nodes the neurons of a population are that is read from a nodes file.
  NodeIds ids(std::size_t population) const;
  /// What files call a neuron: its node, or its number where there are none.
  std::uint64_t id(std::size_t population, std::uint64_t neuron) const {
    return sets_[population] ? sets_[population]->at(static_cast<std::uint32_t>(neuron)) : neuron;
  }

  /// Projections with rule `edges`, as positions in the config: those of one file together.
  std::vector<std::vector<std::size_t>> by_file() const;
  /// What a projection reads from its file. Refers to this object.
  EdgesRequest request(const ProjectionConfig& projection) const;

 private:
  using Words = std::vector<std::uint64_t>;
  void look_up(const std::function<Words(const NodesConfig&)>& read);
  const IdSet* of(const std::string& population) const;

  const Config& config_;
  std::vector<std::optional<IdSet>> sets_;  ///< by population
};

}  // namespace ranvier
