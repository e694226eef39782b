# Compiles through ccache. A precompiled header is cacheable only where ccache may trust its time stamp and its macros.
find_program(CCACHE ccache)
mark_as_advanced(CCACHE)
if(RANVIER_USE_CCACHE AND CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE}")
  set(CMAKE_CUDA_COMPILER_LAUNCHER "${CCACHE}")
endif()
