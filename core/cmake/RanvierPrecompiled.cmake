# A precompiled header where parsing outweighs compiling: Kokkos costs a second per file, so that one header serves all
# that see it. (Elsewhere it does not pay: few files of io include yaml-cpp.) It changes no meaning: every file includes
# what it uses and compiles with RANVIER_USE_PCH=OFF.
function(ranvier_precompile_libraries)
  if(RANVIER_USE_PCH)
    target_precompile_headers(ranvier_kernels PRIVATE <Kokkos_Core.hpp> <fmt/format.h> <string> <vector>)
    foreach(target IN ITEMS ranvier_connectivity ranvier_core ranvier_cli)
      target_precompile_headers(${target} REUSE_FROM ranvier_kernels)
    endforeach()
  endif()
endfunction()
