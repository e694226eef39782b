#pragma once
#include <cstddef>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/build/edges.hpp"
#include "core/build/partition.hpp"
#include "io/sonata/edges/edges_request.hpp"

namespace ranvier {

/// One projection with rule `edges`.
struct FileProjection {
  const ProjectionConfig* projection = nullptr;
  std::size_t target = 0;  ///< population
  EdgesRequest request;    ///< with all targets
};

/// The synapses of a file (rule `edges`) onto this rank's neurons: by target, and for each target in the order of the file,
/// whatever the number of ranks. Where the file has an index by target, each rank reads its own ranges; else each reads an
/// equal part of the file and sends every edge to the rank of its target. Collective. UsageError, naming the (first)
/// projection, where what the file holds is wrong; RuntimeError where it cannot be read.
struct ReadEdges {
  const Communicator& comm;
  const Partition& partition;

  /// Of projections that all read one file. Weights and delays are set where a request asks the file for them.
  std::vector<Edges> operator()(std::vector<FileProjection> projections) const;
};

}  // namespace ranvier
