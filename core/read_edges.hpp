#pragma once
#include "comm/communicator.hpp"
#include "core/edges.hpp"
#include "core/partition.hpp"
#include "io/sonata/edges_request.hpp"

namespace ranvier {

/// The synapses of a file (rule `edges`) onto this rank's neurons: by target, and for each target in the order of the file,
/// whatever the number of ranks. Where the file has an index by target, each rank reads its own ranges; else each reads an
/// equal part of the file and sends every edge to the rank of its target. Collective. UsageError, naming the projection,
/// where what the file holds is wrong; RuntimeError where it cannot be read.
struct ReadEdges {
  const Communicator& comm;
  const Partition& partition;

  /// Weights and delays are set where the request asks the file for them. `target`: the population.
  Edges operator()(const EdgesRequest& request, const ProjectionConfig& projection, std::size_t target) const;
};

}  // namespace ranvier
