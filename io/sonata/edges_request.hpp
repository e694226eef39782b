#pragma once
#include <cstdint>
#include <string>

#include "core/base/id_set.hpp"
#include "io/config/config.hpp"

namespace ranvier {

/// One side of a projection: the nodes of a file, of which some are a population.
struct EdgeNodes {
  std::uint64_t ids = 0;            ///< node ids are below this
  const IdSet* selected = nullptr;  ///< those of the population; null: all, each with its id as its index
  std::string population;           ///< of SONATA nodes; empty where the nodes are from no file

  std::uint64_t size() const { return selected ? selected->size() : ids; }
};

/// Which edges of a file make a projection, and what of them.
struct EdgesRequest {
  EdgesConfig edges;
  EdgeNodes source, target;
  double dt = 0.1;  ///< ms
};

/// The whole request but for the selections; both populations exist.
EdgesRequest edges_request(const Config& config, const ProjectionConfig& projection);

/// Edges [first, last) of a file, or targets of a population.
struct EdgeRange {
  std::uint64_t first = 0, last = 0;
  std::uint64_t count() const { return last - first; }
};

}  // namespace ranvier
