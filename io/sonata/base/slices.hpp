#pragma once
#include <mpi.h>

#include <cstdint>
#include <span>
#include <vector>

/// Keys that lie on the ranks in any order are put in global order: each rank gets one contiguous slice of it, so that
/// each can write its part of a file alone. No rank ever holds more than its slice (besides counters, one per rank).
namespace ranvier {

class Slices {
 public:
  /// Collective. `sorted` are this rank's keys in ascending order. Slices are equal up to a multiple of `grain` keys, so
  /// that few keys go to few ranks; equal keys stay together.
  Slices(MPI_Comm comm, std::span<const std::uint64_t> sorted, std::uint64_t grain);

  std::uint64_t total() const { return total_; }  ///< keys of all ranks
  std::uint64_t first() const { return first_; }  ///< position of this rank's slice in the global order
  std::uint64_t size() const { return size_; }    ///< of this rank's slice

  /// Collective. Moves one item per key, given in the order of `sorted`, to where the key belongs. What arrives is in
  /// the order of the ranks it came from, and ascending by key within each. T is copied as bytes.
  template <class T>
  std::vector<T> exchange(std::span<const T> items) const {
    std::vector<T> received(size_);
    exchange(items.data(), received.data(), sizeof(T));
    return received;
  }
  /// The same with items of `item_bytes` each; `received` has room for size() of them.
  void exchange(const void* items, void* received, std::size_t item_bytes) const;

 private:
  MPI_Comm comm_;  ///< borrowed
  std::uint64_t total_ = 0, first_ = 0, size_ = 0;
  std::vector<int> send_counts_, receive_counts_;  ///< keys, by rank
};

}  // namespace ranvier
