#pragma once
#include <string>

namespace ranvier::fuzz {

/// Reads `/edges` of a file as projections of several kinds: of all nodes and of some, with and without the table of types.
/// An empty `types` is none. Throws what the readers throw.
void read_edges_of(const std::string& path, const std::string& types);

}  // namespace ranvier::fuzz
