#pragma once
#include <cstdint>
#include <string>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "kernels/space/portable.hpp"

namespace ranvier {

/// Asks the system for huge pages under host memory that is read or written at random: rings and synapses of a large
/// network take more small pages than a processor can keep translations of. A wish, not a need: failure is no error.
inline void wish_huge_pages([[maybe_unused]] void* data, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t page = 4096;
  const auto begin = (reinterpret_cast<std::uintptr_t>(data) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(data) + bytes) / page * page;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

/// An array without initial values, on huge pages where the host has them.
template <class T, class Exec>
Array<T, Exec> large_array(const std::string& label, std::uint64_t size) {
  Array<T, Exec> array(Kokkos::view_alloc(label, Kokkos::WithoutInitializing), size);
  if constexpr (is_host<Exec>) wish_huge_pages(array.data(), size * sizeof(T));
  return array;
}

}  // namespace ranvier
