#pragma once
#include <cstdint>
#include <string>
#include <type_traits>

#include "core/base/error.hpp"
#include "kernels/space/portable.hpp"

namespace ranvier {

#if defined(KOKKOS_ENABLE_CUDA)
namespace detail {

inline constexpr unsigned block_threads = 128;

template <class Body>
__global__ void __launch_bounds__(block_threads) run_body(const __grid_constant__ Body body, const std::size_t n) {
  const std::size_t i = std::size_t{blockIdx.x} * block_threads + threadIdx.x;
  if (i < n) body(i);
}

/// Without what Kokkos does for its range policy: 4.4 microseconds of the host instead of 5.3 (scaling/results, H200).
template <class Body>
void launch_on_cuda(const std::string& label, std::size_t n, const Body& body) {
  std::uint64_t id = 0;
  const bool observed = Kokkos::Tools::profileLibraryLoaded();
  if (observed) Kokkos::Tools::beginParallelFor(label, 0, &id);
  const auto blocks = static_cast<unsigned>((n + block_threads - 1) / block_threads);
  run_body<<<blocks, block_threads, 0, Kokkos::Cuda().cuda_stream()>>>(body, n);
  if (observed) Kokkos::Tools::endParallelFor(id);
  const cudaError_t result = cudaGetLastError();
  if (result != cudaSuccess) throw RuntimeError("GPU: " + label + ": " + cudaGetErrorString(result));
}

}  // namespace detail
#endif

/// Runs body(i) for all i < n on a space, in any order; returns at once where the space is a device.
///
/// A body goes to a device byte by byte, so it is made of pointers and numbers: the owners of the memory stay on the host.
/// A view inside would do harm: nvcc 13 lays out Kokkos 4.6's, which have members without addresses, otherwise
/// than the host's compiler. A trivially copyable type cannot hold one.
template <class Exec, class Body>
void launch(const std::string& label, std::size_t n, const Body& body) {
  static_assert(std::is_trivially_copyable_v<Body>, "a kernel's body holds pointers and numbers, no views");
  if (n == 0) return;
#if defined(KOKKOS_ENABLE_CUDA)
  // `else`, not `return`: what follows would be compiled too, a second kernel for each body.
  if constexpr (std::is_same_v<Exec, Kokkos::Cuda>)
    detail::launch_on_cuda(label, n, body);
  else
#endif
    Kokkos::parallel_for(label, Kokkos::RangePolicy<Exec>(0, n), body);
}

}  // namespace ranvier
