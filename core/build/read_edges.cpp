#include "core/build/read_edges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/expect.hpp"
#include "io/sonata/edges/edges_reader.hpp"

namespace ranvier {

namespace {

/// Edges that ranks may read in vain, where those of others lie among their own, before an exchange is the better way: as many
/// as there are, and a few.
constexpr std::uint64_t few_edges = 65536;

/// Edges in memory of this process.
struct ExchangedColumns {
  std::vector<std::uint32_t> sources, targets;
  std::vector<double> weights;
  std::vector<std::uint16_t> delays;
};

std::uint64_t edges_in(const std::vector<EdgeRange>& ranges) {
  std::uint64_t sum = 0;
  for (const EdgeRange r : ranges) sum += r.count();
  return sum;
}

/// Which ranks the targets of a population are on. Proportional to ranks, while edges are exchanged.
class RankOfTarget {
 public:
  RankOfTarget(const Partition& partition, std::size_t population, int ranks) : size_(partition.size(population)) {
    for (int r = 0; r < ranks; ++r)
      if (const auto share = partition.share(population, Rank{r}); share.count() > 0)
        shares_.emplace_back(share.first, r);
    std::sort(shares_.begin(), shares_.end());
  }

  std::size_t operator()(std::uint32_t target) const {
    RANVIER_EXPECT(target < size_);
    // Shares are equal to one neuron: the guess is off by one at most.
    std::size_t at = static_cast<std::size_t>(std::uint64_t{target} * shares_.size() / size_);
    while (at > 0 && shares_[at].first > target) --at;
    while (at + 1 < shares_.size() && shares_[at + 1].first <= target) ++at;
    return static_cast<std::size_t>(shares_[at].second);
  }

 private:
  std::uint64_t size_;
  std::vector<std::pair<std::uint64_t, int>> shares_;  ///< first target and rank, ascending
};

/// One column to the ranks of the targets: `to` says whose, `counts` how many go to each rank.
template <class T>
std::vector<T> send(const Communicator& comm, const SharedArray<T>& column, std::size_t count,
                    const std::vector<std::uint32_t>& to, const std::vector<std::uint64_t>& counts) {
  std::vector<std::uint64_t> next(counts.size(), 0);
  std::exclusive_scan(counts.begin(), counts.end(), next.begin(), std::uint64_t{0});
  std::vector<T> outgoing(count);
  for (std::size_t i = 0; i < count; ++i) outgoing[next[to[i]]++] = column.data()[i];
  return comm.all_to_all<T>(outgoing, counts).values;
}

/// What arrives is ordered by sender, and senders have ascending parts of the file: the order of the file is kept.
ExchangedColumns exchange(const Communicator& comm, const Partition& partition, std::size_t target,
                          const EdgesConfig& config, EdgeColumns read) {
  const RankOfTarget rank_of(partition, target, comm.size());
  std::vector<std::uint32_t> to(read.count);
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(comm.size()), 0);
  for (std::size_t i = 0; i < read.count; ++i) {
    to[i] = narrow<std::uint32_t>(rank_of(read.targets.data()[i]));
    ++counts[to[i]];
  }
  ExchangedColumns columns;
  const auto move = [&](auto& column, auto& into) {
    into = send(comm, column, read.count, to, counts);
    column = {};
  };
  move(read.sources, columns.sources);
  move(read.targets, columns.targets);
  if (config.weight_from_file) move(read.weights, columns.weights);
  if (config.delay_from_file) move(read.delays, columns.delays);
  return columns;
}

/// Sorts edges by target and keeps the order of those of one target.
class SortByTarget {
 public:
  SortByTarget(const std::uint32_t* targets, std::size_t count, Partition::Share share) : count_(count) {
    begin_.assign(share.count() + 1, 0);
    for (std::size_t i = 0; i < count; ++i) {
      RANVIER_EXPECT(targets[i] >= share.first && targets[i] < share.last);
      ++begin_[targets[i] - share.first + 1];
      sorted_ = sorted_ && (i == 0 || targets[i - 1] <= targets[i]);
    }
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
    if (sorted_) return;
    std::vector<std::uint64_t> next(begin_.begin(), begin_.end() - 1);
    place_.resize(count);
    for (std::size_t i = 0; i < count; ++i) place_[i] = next[targets[i] - share.first]++;
  }

  const std::vector<std::uint64_t>& begin() const { return begin_; }
  template <class Vector>
  void operator()(const typename Vector::value_type* values, Vector& result) const {
    result.resize(count_);
    for (std::size_t i = 0; i < count_; ++i) result[sorted_ ? i : place_[i]] = values[i];
  }

 private:
  std::size_t count_;
  bool sorted_ = true;
  std::vector<std::uint64_t> begin_, place_;
};

/// From columns in memory of this or of a child process, which are given back one by one.
template <class AnyColumns>
Edges sorted(AnyColumns columns, std::size_t count, Partition::Share share, const EdgesConfig& config) {
  Edges edges;
  const SortByTarget sort(columns.targets.data(), count, share);
  edges.begin = sort.begin();
  const auto move = [&](auto& column, auto& into) {
    sort(column.data(), into);
    column = {};
  };
  move(columns.sources, edges.sources);
  if (config.weight_from_file) move(columns.weights, edges.weights);
  if (config.delay_from_file) move(columns.delays, edges.delays);
  return edges;
}

/// The number that all values of all ranks are; nothing where there is none or several.
template <class Vector, class T = typename Vector::value_type>
std::optional<T> common_value(const Communicator& comm, const Vector& values) {
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (const T v : values) {
    least = std::min(least, static_cast<double>(v));
    most = std::max(most, static_cast<double>(v));
  }
  least = comm.min(least);
  most = comm.max(most);
  return least == most ? std::optional<T>(static_cast<T>(least)) : std::nullopt;
}

/// Values that are all the same are kept once: tables are smaller, and the same as those of a rule with a constant.
void find_constants(const Communicator& comm, const EdgesConfig& config, Edges& edges) {
  if (config.weight_from_file) {
    edges.has_weights = true;
    edges.weight = common_value(comm, edges.weights);
    if (edges.weight) std::vector<double>().swap(edges.weights);
  }
  if (config.delay_from_file) {
    const auto delay = common_value(comm, edges.delays);
    edges.constant_delay = delay.has_value();
    edges.delay = delay.value_or(1);
    if (delay) UninitialisedVector<std::uint16_t>().swap(edges.delays);
  }
}

/// Without a selection every edge is onto a neuron of the population: an index that misses some is out of date.
void check_index(const FileProjection& p, std::uint64_t edges, std::uint64_t found) {
  if (p.request.target.selected != nullptr || found == edges) return;
  throw UsageError(fmt::format(
      "projection {}: the index indices/target_to_source of the edges in '{}' leads to {} of {} edges; write "
      "it again, or leave it out",
      p.projection->key, p.request.edges.file, found, edges));
}

/// What ranks may fail in alone, with the name of the projection.
void read_together(const Communicator& comm, const ProjectionConfig& projection, const std::function<void()>& read) {
  comm.together([&] {
    try {
      read();
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("projection {}: {}", projection.key, error.what()));
    } catch (const RuntimeError& error) {
      throw RuntimeError(fmt::format("projection {}: {}", projection.key, error.what()));
    }
  });
}

/// Equal parts of a file.
EdgeRange part_of(std::uint64_t edges, const Communicator& comm) {
  const auto cut = [&](int rank) {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(edges) * static_cast<unsigned>(rank) /
                                      static_cast<unsigned>(comm.size()));
  };
  return {cut(comm.rank().value), cut(comm.rank().value + 1)};
}

}  // namespace

std::vector<Edges> ReadEdges::operator()(std::vector<FileProjection> projections) const {
  const ProjectionConfig& first = *projections.front().projection;
  const auto requests = [&](bool mine) {
    EdgesRequests list;
    for (const FileProjection& p : projections) {
      list.push_back(p.request);
      const Partition::Share share = partition.share(p.target, comm.rank());
      if (mine) list.back().targets = {share.first, share.last};
    }
    return list;
  };
  EdgesPlan plan;
  read_together(comm, first, [&] { plan = plan_edges(requests(true)); });
  const bool by_index = comm.all(plan.indexed) && comm.sum(edges_in(plan.ranges)) <= 2 * plan.edges + few_edges;
  if (!by_index) plan.ranges = {part_of(plan.edges, comm)};
  std::vector<EdgeColumns> read;
  read_together(comm, first, [&] { read = read_edges(requests(by_index), plan.ranges); });

  std::vector<Edges> all;
  for (std::size_t k = 0; k < projections.size(); ++k) {
    const FileProjection& p = projections[k];
    const Partition::Share share = partition.share(p.target, comm.rank());
    if (by_index) check_index(p, plan.edges, comm.sum(read[k].onto_targets));
    if (by_index || comm.size() == 1) {
      const std::size_t count = read[k].count;
      all.push_back(sorted(std::move(read[k]), count, share, p.request.edges));
    } else {
      ExchangedColumns columns = exchange(comm, partition, p.target, p.request.edges, std::move(read[k]));
      const std::size_t count = columns.targets.size();
      all.push_back(sorted(std::move(columns), count, share, p.request.edges));
    }
    find_constants(comm, p.request.edges, all.back());
  }
  return all;
}

}  // namespace ranvier
