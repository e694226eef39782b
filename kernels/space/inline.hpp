#pragma once

/// Inlined on host and device: everything that a vectorised lane loop calls. The word is Kokkos' (KOKKOS_FORCEINLINE_FUNCTION),
/// said here once more so that what needs no more of Kokkos than this compiles without it.
#if defined(__CUDACC__) || defined(__HIPCC__)
#define RANVIER_INLINE __host__ __device__ __forceinline__
#else
#define RANVIER_INLINE inline __attribute__((always_inline))
#endif
