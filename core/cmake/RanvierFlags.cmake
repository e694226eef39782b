# The compile flags of every target. The floating-point ones are promise, not taste: no contraction and no
# reassociation, so that the same steps give the same bits everywhere. -fno-math-errno and -fno-trapping-math change no
# result; without them GCC leaves loops with floor, comparisons and selects scalar. (RanvierKokkos adds nvcc's.)
add_library(ranvier_flags INTERFACE)
target_include_directories(ranvier_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(ranvier_flags INTERFACE -Wall -Wextra
  -ffp-contract=off -fno-math-errno -fno-trapping-math -fopenmp-simd)
# Wrong alarms of GCC 12 about inlined std::string (bugs 105329 and 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  target_compile_options(ranvier_flags INTERFACE -Wno-restrict -Wno-stringop-overflow)
endif()
if(RANVIER_NATIVE)
  # Where there are 512-bit registers their use pays, which compilers do not assume.
  target_compile_options(ranvier_flags INTERFACE -march=native -mprefer-vector-width=512)
elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(ranvier_flags INTERFACE -march=x86-64-v3)
endif()

if(RANVIER_CHECK_CONTRACTS)
  target_compile_definitions(ranvier_flags INTERFACE RANVIER_CHECK_CONTRACTS)
endif()
if(RANVIER_SANITIZE)
  target_compile_options(ranvier_flags INTERFACE -fsanitize=${RANVIER_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(ranvier_flags INTERFACE -fsanitize=${RANVIER_SANITIZE})
endif()
if(RANVIER_FUZZ)
  # Coverage for libFuzzer, whose main() only the targets link.
  target_compile_options(ranvier_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(ranvier_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
