#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/id_set.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// Edges [first, last) of a file, or targets of a population.
struct EdgeRange {
  std::uint64_t first = 0, last = 0;
  std::uint64_t count() const { return last - first; }
  bool operator==(const EdgeRange&) const = default;
};

/// One side of a projection: the nodes of a file, of which some are a population.
struct EdgeNodes {
  std::uint64_t ids = 0;            ///< node ids are below this
  const IdSet* selected = nullptr;  ///< those of the population; null: all, each with its id as its index
  std::string population;           ///< of SONATA nodes; empty where the nodes are from no file
};

/// Which edges of a file make a projection, and what of them.
struct EdgesRequest {
  EdgesConfig edges;
  EdgeNodes source, target;
  double dt = 0.1;    ///< ms
  EdgeRange targets;  ///< of the population: those whose edges are read
};

/// Projections that are read from one file go over it once. One at least; file, population, types and dt are the same.
using EdgesRequests = std::vector<EdgesRequest>;
bool same_file(const EdgesConfig& a, const EdgesConfig& b);

/// The whole request but for the selections, with all targets; both populations exist.
EdgesRequest edges_request(const Config& config, const ProjectionConfig& projection);

}  // namespace ranvier
