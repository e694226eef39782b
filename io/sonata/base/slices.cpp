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

/// How many of the keys are smaller.
std::size_t below(std::span<const std::uint64_t> sorted, std::uint64_t key) {
  return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), key) - sorted.begin());
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

  std::vector<std::size_t> ends;
  ends.reserve(splits.size());
  for (const std::uint64_t key : splits) ends.push_back(below(sorted, key));
  count(sorted.size(), ends);
}

Slices::Slices(const Communicator& comm, std::span<const std::uint64_t> sorted,
               const std::vector<std::uint64_t>& begins)
    : comm_(comm), total_(comm.sum<std::uint64_t>(sorted.size())) {
  // Keys equal to that of `parted` lie on both sides of a position, or end at it: those of the lower ranks go first.
  std::vector<std::uint64_t> parted = split_keys(comm, sorted, begins), smaller, equal;
  for (const std::uint64_t key : parted) smaller.push_back(below(sorted, key));
  comm.sum(std::span(smaller));
  for (std::size_t i = 0; i < begins.size(); ++i)
    if (smaller[i] >= begins[i] && parted[i] > 0) --parted[i];
  smaller.clear();
  for (const std::uint64_t key : parted) {
    smaller.push_back(below(sorted, key));
    const auto end = std::upper_bound(sorted.begin(), sorted.end(), key) - sorted.begin();
    equal.push_back(static_cast<std::uint64_t>(end) - smaller.back());
  }
  std::vector<std::uint64_t> all_smaller = smaller, equal_before = equal;
  comm.sum(std::span(all_smaller));
  comm.exclusive_sum(std::span(equal_before));
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const std::uint64_t before = all_smaller[i] + equal_before[i];
    const std::uint64_t wanted = begins[i] > before ? std::min(begins[i] - before, equal[i]) : 0;
    ends.push_back(begins[i] == 0 ? 0 : static_cast<std::size_t>(smaller[i] + wanted));
  }
  count(sorted.size(), ends);
}

void Slices::count(std::size_t keys, const std::vector<std::size_t>& ends) {
  send_counts_.assign(static_cast<std::size_t>(comm_.size()), 0);
  std::size_t begin = 0;
  for (std::size_t r = 0; r <= ends.size(); ++r) {
    const std::size_t end = r < ends.size() ? ends[r] : keys;
    send_counts_[r] = end - begin;
    begin = end;
  }
  receive_counts_ = comm_.exchange_counts(send_counts_);
  size_ = std::accumulate(receive_counts_.begin(), receive_counts_.end(), std::uint64_t{0});
  first_ = comm_.exclusive_sum(size_);
}

std::vector<std::uint64_t> Slices::times(std::vector<std::uint64_t> counts, std::uint64_t factor) {
  for (std::uint64_t& count : counts) count *= factor;
  return counts;
}

}  // namespace ranvier
