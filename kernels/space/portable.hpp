#pragma once
#include <Kokkos_Core.hpp>
#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/space/inline.hpp"

/// The few places where Kokkos 3.4 and 5, host and device, have to be told apart.

/// Asks the host compiler to vectorise the loop that follows. Lanes are independent by construction (each touches its own
/// elements only), which the compiler cannot prove for arrays reached through pointers.
#if defined(__CUDA_ARCH__)
#define RANVIER_SIMD
#define RANVIER_SIMD_OR(variable)
#else
#define RANVIER_PRAGMA(text) _Pragma(#text)
#define RANVIER_SIMD RANVIER_PRAGMA(omp simd)
/// The same for a loop that ors into `variable`.
#define RANVIER_SIMD_OR(variable) RANVIER_PRAGMA(omp simd reduction(| : variable))
#endif

namespace ranvier {

/// The space of the host's processors. That of a device is named by the files of kernels/device alone, which are the only
/// ones to be compiled with a Kokkos that has it.
using HostExec = Kokkos::DefaultHostExecutionSpace;

/// Whether kernels of this execution space may call virtual functions and use host memory.
template <class Exec>
inline constexpr bool is_host = Kokkos::SpaceAccessibility<Kokkos::HostSpace, typename Exec::memory_space>::accessible;

template <class T, class Exec>
using Array = Kokkos::View<T*, typename Exec::memory_space>;

template <class T>
using HostArray = Kokkos::View<T*, Kokkos::HostSpace>;

/// Host memory that a space copies to and from without a detour.
#if defined(KOKKOS_ENABLE_CUDA)
template <class T, class Exec>
using StagingArray =
    Kokkos::View<T*, std::conditional_t<is_host<Exec>, Kokkos::HostSpace, Kokkos::CudaHostPinnedSpace>>;
#else
template <class T, class Exec>
using StagingArray = HostArray<T>;
#endif

/// The host array itself where the space can use it, a copy in the space's memory otherwise.
template <class Exec, class T>
Array<T, Exec> to_space(const HostArray<T>& host) {
  return Kokkos::create_mirror_view_and_copy(typename Exec::memory_space{}, host);
}

/// A host array with the contents of a vector.
template <class T>
HostArray<T> host_array(const std::string& label, const std::vector<T>& values) {
  HostArray<T> array(Kokkos::view_alloc(label, Kokkos::WithoutInitializing), values.size());
  std::copy(values.begin(), values.end(), array.data());
  return array;
}

/// Plain structs in the memory of a space. Held as bytes, which need no kernel that constructs them.
template <class Exec, class T>
class StructArray {
  static_assert(std::is_trivially_copyable_v<T>, "copied byte by byte");

 public:
  StructArray() = default;
  explicit StructArray(const std::vector<T>& values) : size_(values.size()) {
    HostArray<unsigned char> bytes(Kokkos::view_alloc("ranvier::structs", Kokkos::WithoutInitializing),
                                   values.size() * sizeof(T));
    std::copy_n(reinterpret_cast<const unsigned char*>(values.data()), bytes.extent(0), bytes.data());
    bytes_ = to_space<Exec>(bytes);
  }

  const T* data() const { return reinterpret_cast<const T*>(bytes_.data()); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(size_); }
  std::size_t bytes() const { return bytes_.span(); }

 private:
  Array<unsigned char, Exec> bytes_;
  std::size_t size_ = 0;
};

}  // namespace ranvier
