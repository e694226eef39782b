#include "io/sonata/base/slices.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "io/files/agree.hpp"

namespace ranvier {
namespace {

/// For each target position (ascending, below the total), the smallest key with at least that many keys below it: a
/// bisection over the values, all targets at once, at most 64 rounds of one reduction.
std::vector<std::uint64_t> split_keys(MPI_Comm comm, std::span<const std::uint64_t> sorted,
                                      const std::vector<std::uint64_t>& targets) {
  // The negated maximum makes one reduction of two.
  std::uint64_t ends[2] = {~std::uint64_t{0}, ~std::uint64_t{0}};
  if (!sorted.empty()) {
    ends[0] = sorted.front();
    ends[1] = ~sorted.back();
  }
  MPI_Allreduce(MPI_IN_PLACE, ends, 2, MPI_UINT64_T, MPI_MIN, comm);
  std::vector<std::uint64_t> low(targets.size(), ends[0]), high(targets.size(), ~ends[1]), middle(targets.size()),
      below(targets.size());
  while (low != high) {
    for (std::size_t i = 0; i < targets.size(); ++i) {
      middle[i] = low[i] + (high[i] - low[i]) / 2;
      below[i] = static_cast<std::uint64_t>(std::lower_bound(sorted.begin(), sorted.end(), middle[i]) - sorted.begin());
    }
    MPI_Allreduce(MPI_IN_PLACE, below.data(), static_cast<int>(below.size()), MPI_UINT64_T, MPI_SUM, comm);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (below[i] >= targets[i])
        high[i] = middle[i];
      else if (low[i] < high[i])
        low[i] = middle[i] + 1;
    }
  }
  return low;
}

std::vector<int> starts(const std::vector<int>& counts) {
  std::vector<int> begin(counts.size(), 0);
  for (std::size_t i = 1; i < counts.size(); ++i) begin[i] = begin[i - 1] + counts[i - 1];
  return begin;
}

}  // namespace

Slices::Slices(MPI_Comm comm, std::span<const std::uint64_t> sorted, std::uint64_t grain) : comm_(comm) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  // MPI counts in 32 bits: 2^31 keys of one rank are 16 GB, far more than may be buffered.
  agree(comm,
        sorted.size() > std::numeric_limits<int>::max() / 2 ? "too many records are buffered; flush more often" : "");
  total_ = sorted.size();
  MPI_Allreduce(MPI_IN_PLACE, &total_, 1, MPI_UINT64_T, MPI_SUM, comm);

  const std::uint64_t share = (total_ + static_cast<std::uint64_t>(ranks) - 1) / static_cast<std::uint64_t>(ranks);
  const std::uint64_t slice = std::max<std::uint64_t>(grain, (share + grain - 1) / grain * grain);
  std::vector<std::uint64_t> targets;
  for (std::uint64_t r = 1; r < static_cast<std::uint64_t>(ranks) && r * slice < total_; ++r)
    targets.push_back(r * slice);
  const auto splits = split_keys(comm, sorted, targets);

  send_counts_.assign(static_cast<std::size_t>(ranks), 0);
  receive_counts_.assign(static_cast<std::size_t>(ranks), 0);
  std::size_t begin = 0;
  for (std::size_t r = 0; r <= splits.size(); ++r) {
    const auto end =
        r < splits.size()
            ? static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), splits[r]) - sorted.begin())
            : sorted.size();
    send_counts_[r] = static_cast<int>(end - begin);
    begin = end;
  }
  MPI_Alltoall(send_counts_.data(), 1, MPI_INT, receive_counts_.data(), 1, MPI_INT, comm);
  for (const int n : receive_counts_) size_ += static_cast<std::uint64_t>(n);
  MPI_Exscan(&size_, &first_, 1, MPI_UINT64_T, MPI_SUM, comm);
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  if (rank == 0) first_ = 0;
  agree(comm, size_ > std::numeric_limits<int>::max() / 2 ? "too many records are buffered; flush more often" : "");
}

void Slices::exchange(const void* items, void* received, std::size_t item_bytes) const {
  MPI_Datatype item;
  MPI_Type_contiguous(static_cast<int>(item_bytes), MPI_BYTE, &item);
  MPI_Type_commit(&item);
  MPI_Alltoallv(items, send_counts_.data(), starts(send_counts_).data(), item, received, receive_counts_.data(),
                starts(receive_counts_).data(), item, comm_);
  MPI_Type_free(&item);
}

}  // namespace ranvier
