# CUDA as a language of its own: only files that end in .cu go through nvcc. It is here, above all folders, since comm has
# such files too.
set(CMAKE_CUDA_HOST_COMPILER "${CMAKE_CXX_COMPILER}")  # the two halves share the library and the layouts of one compiler
enable_language(CUDA)
find_package(CUDAToolkit REQUIRED)
if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25.1 does not know it
  set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
endif()
set(CMAKE_CUDA_STANDARD 20)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
set(CMAKE_CUDA_EXTENSIONS OFF)
set(CMAKE_CUDA_RUNTIME_LIBRARY Shared)  # one runtime for the program and its device half
# This level is that of the host code around kernels alone: it builds and launches, and costs half of the compile time at -O3.
string(REPLACE "-O3" "-O1" CMAKE_CUDA_FLAGS_RELEASE "${CMAKE_CUDA_FLAGS_RELEASE}")

# The device half comes before the host's Kokkos is found, since the targets of both have the same names: those of the
# device's stay in this folder.
add_subdirectory(kernels/device)

find_path(NCCL_INCLUDE_DIR nccl.h HINTS ${NCCL_ROOT} ${CUDAToolkit_INCLUDE_DIRS} PATH_SUFFIXES include)
find_library(NCCL_LIBRARY nccl HINTS ${NCCL_ROOT} ${CUDAToolkit_LIBRARY_DIR} PATH_SUFFIXES lib lib64)
mark_as_advanced(NCCL_INCLUDE_DIR NCCL_LIBRARY)
set(nccl_found OFF)
if(NCCL_INCLUDE_DIR AND NCCL_LIBRARY)
  set(nccl_found ON)
endif()
option(RANVIER_USE_NCCL "Exchange spikes between GPUs with NCCL" ${nccl_found})
