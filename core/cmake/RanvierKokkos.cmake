# Kokkos 3.4 to 5 for the host's processors. Provides Kokkos::kokkos. With RANVIER_USE_CUDA, Kokkos_ROOT names the one of the device
# half (kernels/device); that of the host is another, from HostKokkos_ROOT where it is set, else the system's. One Kokkos
# cannot serve both: its headers refuse the host's compiler where it has CUDA.
if(RANVIER_USE_CUDA)
  find_package(HostKokkos REQUIRED NAMES Kokkos)
  set(Kokkos_VERSION "${HostKokkos_VERSION}")
  set(Kokkos_DIR "${HostKokkos_DIR}")
else()
  find_package(Kokkos REQUIRED)
endif()
if("CUDA" IN_LIST Kokkos_DEVICES)
  if(RANVIER_USE_CUDA)
    message(FATAL_ERROR "The Kokkos for the host's processors has CUDA (${Kokkos_DIR}); set HostKokkos_ROOT to one without")
  endif()
  message(FATAL_ERROR "This Kokkos has CUDA (${Kokkos_DIR}); configure with --preset cuda, or choose one without")
endif()

# Debian's 3.4 (libtrilinos-kokkos-dev) exports an include folder that does not exist (/usr/lib/include); its headers
# are where its Kokkos_INCLUDE_DIRS says. Later packages set no such variable and are left alone.
if(Kokkos_INCLUDE_DIRS)
  find_path(RANVIER_KOKKOS_HEADERS Kokkos_Core.hpp PATHS ${Kokkos_INCLUDE_DIRS} NO_DEFAULT_PATH REQUIRED)
  mark_as_advanced(RANVIER_KOKKOS_HEADERS)
  set_target_properties(Kokkos::kokkos PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${RANVIER_KOKKOS_HEADERS}")
endif()
message(STATUS "Kokkos ${Kokkos_VERSION}: ${Kokkos_DEVICES}")
