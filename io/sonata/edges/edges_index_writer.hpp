#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "comm/mpi/communicator.hpp"
#include "io/hdf5/file.hpp"
#include "io/hdf5/shared_file.hpp"

/// The indices of an edge population, `indices/{source_to_target,target_to_source}`: row n of `node_id_to_ranges` is the
/// half-open interval of rows of `range_to_edge_id` that belong to node n, each of them a half-open interval of edges.
namespace ranvier::sonata {

/// Rows of an index's datasets that a chunk holds.
struct IndexChunks {
  std::uint64_t nodes, ranges;
};

/// Makes the datasets of an index, on one rank: the rows of all nodes, no ranges. `node_id_to_range`, as published
/// examples spell it, is another name for `node_id_to_ranges`.
void lay_out_index(hdf5::File& file, const std::string& index, std::uint64_t nodes, const IndexChunks& chunks);

/// Collective over `ordered`, whose ranks are in the order of their edges. Writes the index of edges that are sorted by
/// node: this rank's are begin[n] to begin[n + 1] for node first_node + n, begin[0] being edge `first_edge` of the file.
void write_sorted_index(SharedFile& file, const Communicator& ordered, const std::string& index,
                        const IndexChunks& chunks, std::uint64_t first_node, std::span<const std::uint64_t> begin,
                        std::uint64_t first_edge);

/// The same for edges in any order: edge first_edge + i belongs to node nodes[i], of `count`. Edges are sorted among the
/// ranks a million per rank at a time.
void write_unsorted_index(SharedFile& file, const Communicator& ordered, const std::string& index,
                          const IndexChunks& chunks, std::uint64_t count, std::span<const std::uint32_t> nodes,
                          std::uint64_t first_edge);

}  // namespace ranvier::sonata
