#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "io/files/shared_array.hpp"
#include "io/sonata/edges/edges_request.hpp"

/// Edges of SONATA files, read in child processes that a damaged file may take down in our stead (io/files/guard.hpp). Every
/// function throws RuntimeError where the file cannot be read, and UsageError where what it holds is wrong; both name the
/// file and the dataset, and the edge where it is one.
namespace ranvier {

/// What to read for some targets.
struct EdgesPlan {
  std::uint64_t edges = 0;        ///< of the whole population
  bool indexed = false;           ///< whether the ranges below hold all edges onto the targets
  std::vector<EdgeRange> ranges;  ///< ascending, disjoint
};
/// Looks up the targets of the requests in the index of the file.
EdgesPlan plan_edges(const EdgesRequests& requests);

/// Edges as read: the first `count` of each array, in the order of the file.
struct EdgeColumns {
  std::size_t count = 0;
  std::uint64_t onto_targets = 0;               ///< edges onto the targets, also those that are of other projections
  SharedArray<std::uint32_t> sources, targets;  ///< indices within the populations
  SharedArray<double> weights;                  ///< empty where the projection has its own
  SharedArray<std::uint16_t> delays;            ///< steps; empty where the projection has its own
};
/// For each request, the edges of these ranges that are onto its targets and of its projection.
std::vector<EdgeColumns> read_edges(const EdgesRequests& requests, const std::vector<EdgeRange>& ranges);

/// A projection as its file has it.
struct EdgesSummary {
  std::uint64_t edges = 0;
  std::uint16_t min_delay = 0, max_delay = 0;  ///< steps; 0 where there are no edges or the file does not decide
  bool one_weight = true;                      ///< whether all weights are the same
};
/// For each request. Reads all edges, and so finds every mistake in them.
std::vector<EdgesSummary> summarise_edges(const EdgesRequests& requests);

/// Throws what is wrong with the file and its types, as far as that shows without reading edges.
void check_edges_file(const EdgesRequest& request);

}  // namespace ranvier
