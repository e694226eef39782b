#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "comm/mpi/communicator.hpp"

/// Keys that lie on the ranks in any order are put in global order: each rank gets one contiguous slice of it, so that
/// each can write its part of a file alone. No rank ever holds more than its slice (besides counters, one per rank).
namespace ranvier {

class Slices {
 public:
  /// Collective. `comm` must live as long as the slices. `sorted` are this rank's keys in ascending order. Slices are equal up to a multiple of `grain` keys, so
  /// that few keys go to few ranks; equal keys stay together.
  Slices(const Communicator& comm, std::span<const std::uint64_t> sorted, std::uint64_t grain);

  /// Collective. The slices of the ranks from the second on begin at these positions of the global order, ascending, no more of
  /// them than there are ranks; equal keys may be parted.
  Slices(const Communicator& comm, std::span<const std::uint64_t> sorted, const std::vector<std::uint64_t>& begins);

  std::uint64_t total() const { return total_; }  ///< keys of all ranks
  std::uint64_t first() const { return first_; }  ///< position of this rank's slice in the global order
  std::uint64_t size() const { return size_; }    ///< of this rank's slice

  /// Collective. Moves `per_key` items of each key, given in the order of `sorted`, to where the key belongs. What arrives
  /// is in the order of the ranks it came from, and ascending by key within each. T is copied as bytes.
  template <class T>
  std::vector<T> exchange(std::span<const T> items, std::uint64_t per_key = 1) const {
    std::vector<T> received;
    comm_.together([&] { received.resize(size_ * per_key); });
    comm_.all_to_all(items, times(send_counts_, per_key), std::span(received), times(receive_counts_, per_key));
    return received;
  }

 private:
  /// What goes to the ranks ends at these places of this rank's keys, and the rest to the next.
  void count(std::size_t keys, const std::vector<std::size_t>& ends);
  static std::vector<std::uint64_t> times(std::vector<std::uint64_t> counts, std::uint64_t factor);

  const Communicator& comm_;
  std::uint64_t total_ = 0, first_ = 0, size_ = 0;
  std::vector<std::uint64_t> send_counts_, receive_counts_;  ///< keys, by rank
};

}  // namespace ranvier
