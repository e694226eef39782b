#pragma once
#include <optional>
#include <vector>

#include "io/sonata/edges/edges_file.hpp"
#include "io/sonata/edges/edges_request.hpp"

namespace ranvier {

/// The ranges of edges onto the targets of some requests, by `indices/target_to_source`:
/// ascending, disjoint, those that lie near each other joined (so that other edges may be among them). Nothing where the
/// file has no such index, or one that leads to many short ranges: then it is quicker to read the file from end to end.
/// UsageError where the index is damaged.
std::optional<std::vector<EdgeRange>> find_edges_onto(const EdgesFile& file, const EdgesRequests& requests);

}  // namespace ranvier
