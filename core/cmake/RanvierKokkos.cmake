# Kokkos 3.4 to 5: from Kokkos_ROOT where it is set, else the system's. Provides Kokkos::kokkos.
find_package(Kokkos REQUIRED)

# Debian's 3.4 (libtrilinos-kokkos-dev) exports an include folder that does not exist (/usr/lib/include); its headers
# are where its Kokkos_INCLUDE_DIRS says. Later packages set no such variable and are left alone.
if(Kokkos_INCLUDE_DIRS)
  find_path(RANVIER_KOKKOS_HEADERS Kokkos_Core.hpp PATHS ${Kokkos_INCLUDE_DIRS} NO_DEFAULT_PATH REQUIRED)
  mark_as_advanced(RANVIER_KOKKOS_HEADERS)
  set_target_properties(Kokkos::kokkos PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${RANVIER_KOKKOS_HEADERS}")
endif()

# The floating-point rules of RanvierFlags for device code. Only what links Kokkos goes through nvcc: by Kokkos's launcher
# where the C++ compiler is a plain one, or because it is nvcc_wrapper itself. fmt 9 disowns constexpr
# for any nvcc, and then fails to check its format strings.
if("CUDA" IN_LIST Kokkos_DEVICES)
  set_property(TARGET Kokkos::kokkos APPEND PROPERTY INTERFACE_COMPILE_OPTIONS
    --fmad=false --extended-lambda --expt-relaxed-constexpr -Wno-parentheses)
  set_property(TARGET Kokkos::kokkos APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS FMT_USE_CONSTEXPR=1)
endif()
message(STATUS "Kokkos ${Kokkos_VERSION}: ${Kokkos_DEVICES}")
