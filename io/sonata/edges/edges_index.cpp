#include "io/sonata/edges/edges_index.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

/// An index of more ranges than an eighth of the edges costs as much to read as the edges.
constexpr std::uint64_t least_edges_of_range = 8;
/// Edges that are read and dropped rather than beginning another read.
constexpr std::uint64_t bridged = 1024;
constexpr std::uint64_t rows_at_once = std::uint64_t{1} << 17;
constexpr std::size_t most_ranges = std::size_t{1} << 20;  // before they are joined

/// Half-open ranges, two numbers a row.
class RangeTable {
 public:
  RangeTable(const EdgesFile& file, const std::string& path) : dataset_(hdf5::Dataset::open(file.file(), path)) {
    const auto extent = dataset_.extent();
    if (extent.size() != 2 || extent[1] != 2)
      throw RuntimeError(fmt::format("{} is not a list of pairs", dataset_.name()));
    const auto kind = dataset_.kind();
    if (kind != hdf5::Kind::signed_integer && kind != hdf5::Kind::unsigned_integer)
      throw RuntimeError(fmt::format("{} does not hold whole numbers", dataset_.name()));
    dataset_.check_size();
    rows_ = extent[0];
  }

  std::uint64_t rows() const { return rows_; }
  const std::string& name() const { return dataset_.name(); }

  /// Calls `use(row, range)` for rows [first, last) that are not empty; a range ends at `limit` at most.
  template <class Use>
  void read(std::uint64_t first, std::uint64_t last, std::uint64_t limit, Use use) const {
    std::vector<std::int64_t> block;
    for (std::uint64_t row = first; row < last; row += rows_at_once) {
      const std::uint64_t count = std::min(rows_at_once, last - row);
      block.resize(2 * count);
      dataset_.read({row, 0}, {count, 2}, block.data());
      for (std::uint64_t i = 0; i < count; ++i) {
        const std::int64_t begin = block[2 * i], end = block[2 * i + 1];
        if (begin == end) continue;
        if (begin < 0 || end < begin || static_cast<std::uint64_t>(end) > limit)
          throw UsageError(fmt::format("row {} of {} is {} to {}, which is not a range of numbers below {}", row + i,
                                       name(), begin, end, limit));
        use(row + i, EdgeRange{static_cast<std::uint64_t>(begin), static_cast<std::uint64_t>(end)});
      }
    }
  }

 private:
  hdf5::Dataset dataset_;
  std::uint64_t rows_ = 0;
};

/// Ranges joined where they touch, or nearly.
class JoinedRanges {
 public:
  explicit JoinedRanges(std::uint64_t gap) : gap_(gap) {}

  void add(EdgeRange range) {
    if (!ranges_.empty() && range.first >= ranges_.back().first && range.first <= ranges_.back().last + gap_) {
      ranges_.back().last = std::max(ranges_.back().last, range.last);
      return;
    }
    if (too_many_) return;
    ranges_.push_back(range);
    if (ranges_.size() < most_ranges) return;
    join();
    too_many_ = ranges_.size() > most_ranges / 2;
  }
  /// Nothing where there are too many to be of use.
  std::optional<std::vector<EdgeRange>> take() {
    if (too_many_) return std::nullopt;
    join();
    return std::move(ranges_);
  }

 private:
  void join() {
    std::sort(ranges_.begin(), ranges_.end(), [](EdgeRange a, EdgeRange b) { return a.first < b.first; });
    std::size_t kept = 0;
    for (const EdgeRange r : ranges_) {
      if (kept > 0 && r.first <= ranges_[kept - 1].last + gap_)
        ranges_[kept - 1].last = std::max(ranges_[kept - 1].last, r.last);
      else
        ranges_[kept++] = r;
    }
    ranges_.resize(kept);
  }

  std::uint64_t gap_;
  bool too_many_ = false;
  std::vector<EdgeRange> ranges_;
};

/// The first table of the index: the guide's name and that of the published examples.
std::optional<std::string> path_of_nodes(const EdgesFile& file, const std::string& index) {
  for (const char* name : {"/node_id_to_ranges", "/node_id_to_range"})
    if (file.file().has(index + name)) return index + name;
  return std::nullopt;
}

/// Rows of the second table that lead to edges onto these targets.
void add_rows(const RangeTable& of_nodes, std::uint64_t limit, const EdgeNodes& nodes, EdgeRange targets,
              JoinedRanges& rows) {
  if (targets.count() == 0) return;
  EdgeRange ids = targets;
  if (nodes.selected != nullptr)
    ids = {nodes.selected->at(static_cast<std::uint32_t>(targets.first)),
           std::uint64_t{nodes.selected->at(static_cast<std::uint32_t>(targets.last - 1))} + 1};
  ids = {std::min(ids.first, of_nodes.rows()), std::min(ids.last, of_nodes.rows())};
  std::uint64_t all = 0;
  of_nodes.read(ids.first, ids.last, limit, [&](std::uint64_t node, EdgeRange range) {
    if (nodes.selected != nullptr && !nodes.selected->contains(static_cast<std::uint32_t>(node))) return;
    all += range.count();
    if (all > limit) throw UsageError(fmt::format("{} leads to some ranges of edges more than once", of_nodes.name()));
    rows.add(range);
  });
}

bool same_targets(const EdgesRequest& a, const EdgesRequest& b) {
  return a.target.selected == b.target.selected && a.targets == b.targets;
}

}  // namespace

std::optional<std::vector<EdgeRange>> find_edges_onto(const EdgesFile& file, const EdgesRequests& requests) {
  const std::string index = file.group() + "/indices/target_to_source";
  const auto path = path_of_nodes(file, index);
  if (!path) return std::nullopt;
  const RangeTable of_nodes(file, *path), of_edges(file, index + "/range_to_edge_id");
  if (of_edges.rows() > file.size() / least_edges_of_range) return std::nullopt;

  JoinedRanges rows(0);
  for (auto r = requests.begin(); r != requests.end(); ++r)
    if (std::none_of(requests.begin(), r, [&](const EdgesRequest& before) { return same_targets(before, *r); }))
      add_rows(of_nodes, of_edges.rows(), r->target, r->targets, rows);
  const auto joined = rows.take();
  if (!joined) return std::nullopt;
  JoinedRanges edges(bridged);
  for (const EdgeRange range : *joined)
    of_edges.read(range.first, range.last, file.size(), [&](std::uint64_t, EdgeRange e) { edges.add(e); });
  return edges.take();
}

}  // namespace ranvier
