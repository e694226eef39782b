#include "io/sonata/base/slices.hpp"

#include <algorithm>
#include <numeric>

namespace ranvier {
namespace {

/// For each target position (ascending, below the total), the smallest key with at least that many keys below it: a
/// bisection over the values, all targets at once, at most 64 rounds of one reduction.
std::vector<std::uint64_t> split_keys(const Communicator& comm, std::span<const std::uint64_t> sorted,
                                      const std::vector<std::uint64_t>& targets) {
  // The negated maximum makes one reduction of two.
  std::uint64_t ends[2] = {~std::uint64_t{0}, ~std::uint64_t{0}};
  if (!sorted.empty()) {
    ends[0] = sorted.front();
    ends[1] = ~sorted.back();
  }
  comm.min(std::span<std::uint64_t>(ends));
  std::vector<std::uint64_t> low(targets.size(), ends[0]), high(targets.size(), ~ends[1]), middle(targets.size()),
      below(targets.size());
  while (low != high) {
    for (std::size_t i = 0; i < targets.size(); ++i) {
      middle[i] = low[i] + (high[i] - low[i]) / 2;
      below[i] = static_cast<std::uint64_t>(std::lower_bound(sorted.begin(), sorted.end(), middle[i]) - sorted.begin());
    }
    comm.sum(std::span(below));
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (below[i] >= targets[i])
        high[i] = middle[i];
      else if (low[i] < high[i])
        low[i] = middle[i] + 1;
    }
  }
  return low;
}

}  // namespace

Slices::Slices(const Communicator& comm, std::span<const std::uint64_t> sorted, std::uint64_t grain)
    : comm_(comm), total_(comm.sum<std::uint64_t>(sorted.size())) {
  const auto ranks = static_cast<std::uint64_t>(comm.size());
  const std::uint64_t share = (total_ + ranks - 1) / ranks;
  const std::uint64_t slice = std::max<std::uint64_t>(grain, (share + grain - 1) / grain * grain);
  std::vector<std::uint64_t> targets;
  for (std::uint64_t r = 1; r < ranks && r * slice < total_; ++r) targets.push_back(r * slice);
  const auto splits = split_keys(comm, sorted, targets);

  send_counts_.assign(ranks, 0);
  std::size_t begin = 0;
  for (std::size_t r = 0; r <= splits.size(); ++r) {
    const auto end =
        r < splits.size()
            ? static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), splits[r]) - sorted.begin())
            : sorted.size();
    send_counts_[r] = end - begin;
    begin = end;
  }
  receive_counts_ = comm.exchange_counts(send_counts_);
  size_ = std::accumulate(receive_counts_.begin(), receive_counts_.end(), std::uint64_t{0});
  first_ = comm.exclusive_sum(size_);
}

std::vector<std::uint64_t> Slices::times(std::vector<std::uint64_t> counts, std::uint64_t factor) {
  for (std::uint64_t& count : counts) count *= factor;
  return counts;
}

}  // namespace ranvier
