#include "io/sonata/edges/edges_index_writer.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "core/base/error.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/sonata/base/radix_sort.hpp"
#include "io/sonata/base/slices.hpp"

namespace ranvier::sonata {
namespace {

constexpr std::uint64_t at_a_time = std::uint64_t{1} << 20;  // rows or edges of a rank
constexpr std::uint64_t smallest_slice = 65536;              // ranges per rank: fewer are not worth a message
constexpr std::uint64_t most_places = std::numeric_limits<std::uint32_t>::max();  // of a list that is sorted by node

/// Collective. Rows [first, first + count) of a table of two columns; `fill` gets the first row and room for some rows.
template <class Fill>
void write_rows(SharedFile& file, const Communicator& comm, const std::string& dataset, std::uint64_t first,
                std::uint64_t count, Fill fill) {
  const std::uint64_t rounds = comm.max<std::uint64_t>((count + at_a_time - 1) / at_a_time);
  std::vector<std::uint64_t> rows;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::uint64_t begin = std::min(count, round * at_a_time), n = std::min(count - begin, at_a_time);
    comm.together([&] {
      rows.resize(2 * n);
      fill(begin, std::span(rows));
    });
    file.write(dataset, {first + begin, 0}, {n, 2}, rows.data());
  }
}

/// Edges [begin, end) of the file, which belong to one node.
struct Run {
  std::uint64_t begin, end, node;
};

/// Adds edges to a list that is sorted by node, then edge.
void append(std::vector<Run>& runs, const Run& run) {
  if (!runs.empty() && runs.back().node == run.node && runs.back().end == run.begin)
    runs.back().end = run.end;
  else
    runs.push_back(run);
}

/// A place in a list and the node that stands there, as a number that sorts by nodes: node * 2^32 + place. Places are
/// taken in ascending order, so that the upper half alone has to be sorted.
std::uint64_t key_of(std::uint64_t node, std::uint64_t place) { return (node << 32) | place; }
std::uint64_t place_of(std::uint64_t key) { return key & 0xffffffffu; }
void sort_by_node(std::vector<std::uint64_t>& keys) { radix_sort(keys, 32); }

/// The edges of this rank that belong to nodes [first, last), as runs in the order of nodes.
std::vector<Run> runs_of(std::span<const std::uint32_t> nodes, std::uint64_t first, std::uint64_t last,
                         std::uint64_t first_edge) {
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < nodes.size(); ++i)
    if (nodes[i] >= first && nodes[i] < last) keys.push_back(key_of(nodes[i] - first, i));
  sort_by_node(keys);
  std::vector<Run> runs;
  for (const std::uint64_t key : keys) {
    const std::uint64_t edge = first_edge + place_of(key);
    append(runs, {edge, edge + 1, nodes[place_of(key)]});
  }
  return runs;
}

/// Runs that are sorted by edge within each node, and otherwise in any order, are sorted by node and joined.
std::vector<Run> joined(const std::vector<Run>& runs) {
  if (runs.size() > most_places) throw RuntimeError("more than 2^32 ranges of edges on one rank; use more ranks");
  std::vector<std::uint64_t> keys;
  keys.reserve(runs.size());
  for (std::uint64_t i = 0; i < runs.size(); ++i) keys.push_back(key_of(runs[i].node, i));
  sort_by_node(keys);
  std::vector<Run> all;
  all.reserve(runs.size());
  for (const std::uint64_t key : keys) append(all, runs[place_of(key)]);
  return all;
}

/// The index of nodes [first, last), of which this rank gets a slice; `before` ranges belong to the nodes before them.
/// Returns the number of ranges so far.
class IndexRound {
 public:
  IndexRound(SharedFile& file, const Communicator& comm, const std::string& index, std::uint64_t first,
             std::uint64_t last)
      : file_(file), comm_(comm), index_(index), first_(first), last_(last) {}

  std::uint64_t write(const std::vector<Run>& runs, std::uint64_t before, std::uint64_t chunk) {
    const std::uint64_t own = before + comm_.exclusive_sum<std::uint64_t>(runs.size());
    const std::uint64_t added = comm_.sum<std::uint64_t>(runs.size());
    file_.reserve(65536 + chunked_bytes(added, 16, chunk));
    if (added > 0) {
      file_.extend(index_ + "/range_to_edge_id", {before + added, 2});
      write_rows(file_, comm_, index_ + "/range_to_edge_id", own, runs.size(),
                 [&](std::uint64_t begin, std::span<std::uint64_t> rows) {
                   for (std::uint64_t i = 0; i < rows.size() / 2; ++i) {
                     rows[2 * i] = runs[begin + i].begin;
                     rows[2 * i + 1] = runs[begin + i].end;
                   }
                 });
    }
    write_nodes(runs, own);
    return before + added;
  }

 private:
  /// A rank writes the rows from behind the last node of the rank before it to its own last; the last one with any, to
  /// the end. A node without edges has an empty interval.
  void write_nodes(const std::vector<Run>& runs, std::uint64_t own) {
    const std::uint64_t end = runs.empty() ? 0 : runs.back().node + 1;
    const std::uint64_t begin = std::max(first_, comm_.exclusive_max<std::uint64_t>(end));
    const std::uint64_t last = comm_.max<std::uint64_t>(end);
    const bool to_the_end = last == 0 ? comm_.is_root() : end == last;
    const std::uint64_t stop = to_the_end ? last_ : std::max(begin, end);
    std::size_t run = 0;
    write_rows(file_, comm_, index_ + "/node_id_to_ranges", begin, stop - begin,
               [&](std::uint64_t row, std::span<std::uint64_t> rows) {
                 for (std::uint64_t i = 0; i < rows.size() / 2; ++i) {
                   rows[2 * i] = own + run;
                   while (run < runs.size() && runs[run].node == begin + row + i) ++run;
                   rows[2 * i + 1] = own + run;
                 }
               });
  }

  SharedFile& file_;
  const Communicator& comm_;
  const std::string& index_;
  std::uint64_t first_, last_;
};

}  // namespace

void lay_out_index(hdf5::File& file, const std::string& index, std::uint64_t nodes, const IndexChunks& chunks) {
  hdf5::Dataset::create_growing<std::uint64_t>(file, index + "/node_id_to_ranges", {nodes, 2}, {chunks.nodes, 2});
  file.hard_link(index + "/node_id_to_ranges", index + "/node_id_to_range");
  hdf5::Dataset::create_growing<std::uint64_t>(file, index + "/range_to_edge_id", {0, 2}, {chunks.ranges, 2});
}

void write_sorted_index(SharedFile& file, const Communicator& ordered, const std::string& index,
                        const IndexChunks& chunks, std::uint64_t first_node, std::span<const std::uint64_t> begin,
                        std::uint64_t first_edge) {
  const std::uint64_t nodes = begin.size() - 1;
  std::uint64_t ranges = 0;
  for (std::uint64_t n = 0; n < nodes; ++n) ranges += begin[n + 1] > begin[n];
  const std::uint64_t before = ordered.exclusive_sum<std::uint64_t>(ranges), all = ordered.sum<std::uint64_t>(ranges);
  file.reserve(65536 + chunked_bytes(all, 16, chunks.ranges));
  if (all > 0) file.extend(index + "/range_to_edge_id", {all, 2});
  std::uint64_t next = before;
  write_rows(file, ordered, index + "/node_id_to_ranges", first_node, nodes,
             [&](std::uint64_t n, std::span<std::uint64_t> rows) {
               for (std::uint64_t i = 0; i < rows.size() / 2; ++i, ++n) {
                 rows[2 * i] = next;
                 next += begin[n + 1] > begin[n];
                 rows[2 * i + 1] = next;
               }
             });
  std::uint64_t node = 0;
  write_rows(file, ordered, index + "/range_to_edge_id", before, ranges,
             [&](std::uint64_t, std::span<std::uint64_t> rows) {
               for (std::uint64_t i = 0; i < rows.size() / 2; ++i, ++node) {
                 while (begin[node + 1] == begin[node]) ++node;
                 rows[2 * i] = first_edge + begin[node] - begin[0];
                 rows[2 * i + 1] = first_edge + begin[node + 1] - begin[0];
               }
             });
}

void write_unsorted_index(SharedFile& file, const Communicator& ordered, const std::string& index,
                          const IndexChunks& chunks, std::uint64_t count, std::span<const std::uint32_t> nodes,
                          std::uint64_t first_edge) {
  ordered.together([&] {
    if (nodes.size() > most_places)
      throw RuntimeError("more than 2^32 synapses of one projection on one rank; use more ranks");
  });
  if (count == 0) return;
  const std::uint64_t rounds =
      std::max<std::uint64_t>(1, ordered.max<std::uint64_t>((nodes.size() + at_a_time - 1) / at_a_time));
  std::uint64_t ranges = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    // Below 2^32 nodes and rounds.
    const std::uint64_t first = count * round / rounds, last = count * (round + 1) / rounds;
    std::vector<Run> runs;
    std::vector<std::uint64_t> keys;
    ordered.together([&] {
      runs = runs_of(nodes, first, last, first_edge);
      keys.reserve(runs.size());
      for (const Run& run : runs) keys.push_back(run.node);
    });
    const Slices slices(ordered, keys, smallest_slice);
    runs = slices.exchange<Run>(runs);
    ordered.together([&] { runs = joined(runs); });
    ranges = IndexRound(file, ordered, index, first, last).write(runs, ranges, chunks.ranges);
  }
}

}  // namespace ranvier::sonata
