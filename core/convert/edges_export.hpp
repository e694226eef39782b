#pragma once
#include <optional>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/build/edges.hpp"
#include "core/build/node_selections.hpp"
#include "core/build/partition.hpp"
#include "core/convert/edge_types.hpp"
#include "io/network/config.hpp"
#include "io/sonata/edges/edges_writer.hpp"

namespace ranvier {

/// Connects the projections of a config and writes each as a population of edges. One projection is in memory at a time;
/// of those that are read from files, all of one file. Collective.
class EdgesExport {
 public:
  EdgesExport(const Config& config, const RuleRegistry& rules, const Partition& partition, const NodeSelections& nodes,
              const Communicator& comm)
      : config_(config), rules_(rules), partition_(partition), nodes_(nodes), comm_(comm) {}

  /// Makes the writer and completes its file, but for the name. Fills in the ranges of weights.
  void operator()(std::vector<EdgeType>& types, const std::string& path, const Provenance& origin,
                  std::optional<EdgesWriter>& writer) const;

 private:
  EdgePopulation population_of(const EdgeType& type) const;
  double expected_edges(const ProjectionConfig& projection) const;
  void write(EdgeType& type, const Edges& edges, EdgesWriter& writer) const;

  const Config& config_;
  const RuleRegistry& rules_;
  const Partition& partition_;
  const NodeSelections& nodes_;
  const Communicator& comm_;
};

}  // namespace ranvier
