#pragma once
#include <cstdint>
#include <vector>

#include "io/sonata/edges/edges_decoder.hpp"
#include "io/sonata/edges/edges_request.hpp"

namespace ranvier {

/// Edges as synapses of one projection, in the order of the file.
struct SelectedEdges {
  std::vector<std::uint32_t> sources, targets;  ///< indices within the populations
  std::vector<double> weights;                  ///< empty where the projection has its own
  std::vector<std::uint16_t> delays;            ///< steps; empty where the projection has its own
  std::uint64_t onto_targets = 0;               ///< edges onto the targets, also those that are not of the projection
};

/// Keeps the edges that make a projection, and checks their ids and delays: a mistake is a UsageError with the edge and the
/// dataset.
class SelectEdges {
 public:
  /// RuntimeError where the file is of other node populations than the projection. Both are referred to.
  SelectEdges(const EdgesRequest& request, const EdgesFile& file);

  /// Of `edges`, those onto targets [targets.first, targets.last) of the population; valid until the next call.
  const SelectedEdges& operator()(const DecodedEdges& edges, EdgeRange targets);

 private:
  bool has_other_sign(double weight) const;
  std::uint16_t steps(double delay, std::uint64_t edge) const;
  [[noreturn]] void refuse_id(const IdColumn& column, std::int64_t id, std::uint64_t edge,
                              const EdgeNodes& nodes) const;

  const EdgesRequest& request_;
  const EdgesFile& file_;
  SelectedEdges out_;
};

}  // namespace ranvier
