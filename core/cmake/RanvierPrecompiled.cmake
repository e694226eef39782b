# Precompiled headers, where parsing outweighs compiling (seconds per file for Kokkos, one for yaml-cpp and gtest).
# They change no meaning: every file still includes what it uses and compiles with RANVIER_USE_PCH=OFF.
function(ranvier_precompile target)
  if(RANVIER_USE_PCH AND TARGET ${target})
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

function(ranvier_precompile_libraries)
  ranvier_precompile(ranvier_kernels <Kokkos_Core.hpp> <string> <vector>)
  ranvier_precompile(ranvier_core <Kokkos_Core.hpp> <fmt/format.h> <string> <vector>)
  ranvier_precompile(ranvier_io <yaml-cpp/yaml.h> <fmt/format.h> <nlohmann/json.hpp> <map> <string> <vector>)
endfunction()
