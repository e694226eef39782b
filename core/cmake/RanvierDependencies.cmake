# Every library Ranvier stands on, as one imported target each.
find_package(MPI REQUIRED COMPONENTS C)
# The C interface only: mpi.h would otherwise bring in the C++ bindings, which left the standard in 2012.
set_property(TARGET MPI::MPI_C APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS OMPI_SKIP_MPICXX MPICH_SKIP_MPICXX)
set(HDF5_PREFER_PARALLEL ON)
find_package(HDF5 REQUIRED COMPONENTS C)
if(NOT HDF5_IS_PARALLEL)
  message(FATAL_ERROR "The HDF5 found has no MPI support (${HDF5_C_INCLUDE_DIRS}); "
    "install libhdf5-openmpi-dev or set HDF5_ROOT")
endif()
find_package(yaml-cpp REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
if(RANVIER_USE_CUDA)
  include(RanvierCuda)
endif()
include(RanvierKokkos)

add_library(ranvier_hdf5 INTERFACE)
target_include_directories(ranvier_hdf5 SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
target_link_libraries(ranvier_hdf5 INTERFACE ${HDF5_C_LIBRARIES} MPI::MPI_C)
