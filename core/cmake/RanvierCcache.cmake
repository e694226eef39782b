# Compiles through ccache. A precompiled header is cacheable only where ccache may trust its time stamp and its macros.
# Not with CUDA: the launcher that Kokkos then puts before the compiler expects the compiler itself to follow.
find_program(CCACHE ccache)
mark_as_advanced(CCACHE)
if(RANVIER_USE_CCACHE AND CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER AND NOT "CUDA" IN_LIST Kokkos_DEVICES)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE}")
endif()
