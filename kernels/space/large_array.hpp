#pragma once
#include <cstdint>
#include <string>

#include "kernels/space/host_buffer.hpp"
#include "kernels/space/portable.hpp"

namespace ranvier {

/// An array without initial values, on huge pages where the host has them.
template <class T, class Exec>
Array<T, Exec> large_array(const std::string& label, std::uint64_t size) {
  Array<T, Exec> array(Kokkos::view_alloc(label, Kokkos::WithoutInitializing), size);
  if constexpr (is_host<Exec>) wish_huge_pages(array.data(), size * sizeof(T));
  return array;
}

/// The contents of a buffer where the space can use them: a copy, or the buffer's own memory where the space is the
/// host's; then the buffer must outlive the array.
template <class Exec, class T>
Array<T, Exec> to_space(HostBuffer<T>& buffer) {
  return to_space<Exec>(HostArray<T>(buffer.data(), buffer.size()));
}

}  // namespace ranvier
