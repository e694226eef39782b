#pragma once
// The typed half of Communicator: each template names its MPI type and calls the untyped half.
#include <algorithm>
#include <numeric>

#include "comm/mpi/communicator.hpp"
#include "core/base/expect.hpp"

namespace ranvier {
namespace detail {

template <class T>
MPI_Datatype arithmetic_type() {
  static_assert(std::is_arithmetic_v<T>, "reductions take numbers");
  if constexpr (std::is_same_v<T, float>)
    return MPI_FLOAT;
  else if constexpr (std::is_floating_point_v<T>)
    return sizeof(T) == sizeof(double) ? MPI_DOUBLE : MPI_LONG_DOUBLE;
  else if constexpr (std::is_signed_v<T>)
    return sizeof(T) == 1 ? MPI_INT8_T : sizeof(T) == 2 ? MPI_INT16_T : sizeof(T) == 4 ? MPI_INT32_T : MPI_INT64_T;
  else
    return sizeof(T) == 1 ? MPI_UINT8_T : sizeof(T) == 2 ? MPI_UINT16_T : sizeof(T) == 4 ? MPI_UINT32_T : MPI_UINT64_T;
}

}  // namespace detail

template <class T>
void Communicator::broadcast(std::span<T> values, Rank root) const {
  static_assert(std::is_trivially_copyable_v<T>);
  broadcast_bytes(values.data(), values.size_bytes(), root);
}

template <class T>
T Communicator::broadcast(T value, Rank root) const requires std::is_trivially_copyable_v<T> {
  broadcast_bytes(&value, sizeof(T), root);
  return value;
}

#define RANVIER_REDUCTION(name)                                                                                \
  template <class T>                                                                                           \
  T Communicator::name(T value) const {                                                                        \
    T result{};                                                                                                \
    if (size_ == 1) return value;                                                                              \
    reduce(&value, &result, 1, detail::arithmetic_type<T>(), detail::Reduction::name);                         \
    return result;                                                                                             \
  }                                                                                                            \
  template <class T>                                                                                           \
  void Communicator::name(std::span<T> values) const {                                                         \
    if (size_ == 1) return;                                                                                    \
    reduce(MPI_IN_PLACE, values.data(), values.size(), detail::arithmetic_type<T>(), detail::Reduction::name); \
  }
RANVIER_REDUCTION(min)
RANVIER_REDUCTION(max)
RANVIER_REDUCTION(sum)
#undef RANVIER_REDUCTION

template <class T>
void Communicator::exclusive(std::span<T> values, detail::Reduction op) const {
  exclusive_scan(values.data(), values.size(), detail::arithmetic_type<T>(), op);
  // MPI says nothing about the result on rank 0.
  if (is_root()) std::fill(values.begin(), values.end(), T{});
}

template <class T>
T Communicator::exclusive_sum(T value) const {
  exclusive(std::span(&value, 1), detail::Reduction::sum);
  return value;
}

template <class T>
void Communicator::exclusive_sum(std::span<T> values) const {
  exclusive(values, detail::Reduction::sum);
}

template <class T>
T Communicator::exclusive_max(T value) const {
  exclusive(std::span(&value, 1), detail::Reduction::max);
  return value;
}

template <class T>
std::vector<T> Communicator::all_gather(const T& value) const {
  static_assert(std::is_trivially_copyable_v<T>);
  std::vector<T> result(static_cast<std::size_t>(size_));
  all_gather_bytes(&value, result.data(), sizeof(T));
  return result;
}

template <class T>
std::vector<T> Communicator::gather(const T& value, Rank root) const {
  static_assert(std::is_trivially_copyable_v<T>);
  std::vector<T> result(rank_ == root ? static_cast<std::size_t>(size_) : 0);
  gather_bytes(&value, result.data(), sizeof(T), root);
  return result;
}

/// By way of all_to_all, which has no limit of size.
template <class T>
Communicator::Received<T> Communicator::gather(std::span<const T> values, Rank root) const {
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(size_), 0);
  counts[static_cast<std::size_t>(root.value)] = values.size();
  auto received = all_to_all(values, counts);
  if (rank_ != root) return {};
  return received;
}

template <class T>
Communicator::Received<T> Communicator::all_to_all(std::span<const T> values,
                                                   std::span<const std::uint64_t> counts) const {
  Received<T> received;
  received.counts = exchange_counts(counts);
  received.values.resize(std::accumulate(received.counts.begin(), received.counts.end(), std::uint64_t{0}));
  all_to_all(values, counts, std::span(received.values), received.counts);
  return received;
}

template <class T>
void Communicator::all_to_all(std::span<const T> values, std::span<const std::uint64_t> counts, std::span<T> received,
                              std::span<const std::uint64_t> received_counts) const {
  static_assert(std::is_trivially_copyable_v<T>);
  RANVIER_EXPECT(values.size() == std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  RANVIER_EXPECT(received.size() == std::accumulate(received_counts.begin(), received_counts.end(), std::uint64_t{0}));
  all_to_all_bytes(values.data(), counts, received.data(), received_counts, sizeof(T));
}

}  // namespace ranvier
