# The compile flags of every target. The floating-point ones are promise, not taste: no contraction and no
# reassociation, so that the same steps give the same bits everywhere. -fno-math-errno and -fno-trapping-math change no
# result; without them GCC leaves loops with floor, comparisons and selects scalar.
set(arithmetic -ffp-contract=off -fno-math-errno -fno-trapping-math)
set(processor "")
if(RANVIER_NATIVE)
  # Where there are 512-bit registers their use pays, which compilers do not assume.
  set(processor -march=native -mprefer-vector-width=512)
elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  set(processor -march=x86-64-v3)
endif()
set(RANVIER_CXX_OPTIONS -Wall -Wextra ${arithmetic} -fopenmp-simd ${processor})
# Wrong alarms of GCC 12 about inlined std::string (bugs 105329 and 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  list(APPEND RANVIER_CXX_OPTIONS -Wno-restrict -Wno-stringop-overflow)
endif()
set(link_options "")
if(RANVIER_SANITIZE)
  list(APPEND RANVIER_CXX_OPTIONS -fsanitize=${RANVIER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  list(APPEND link_options -fsanitize=${RANVIER_SANITIZE})
endif()
if(RANVIER_FUZZ)
  # Coverage for libFuzzer, whose main() only the targets link.
  list(APPEND RANVIER_CXX_OPTIONS -fsanitize=fuzzer-no-link)
  list(APPEND link_options -fsanitize=fuzzer-no-link)
endif()

add_library(ranvier_flags INTERFACE)
target_include_directories(ranvier_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(ranvier_flags INTERFACE "$<$<COMPILE_LANGUAGE:C,CXX>:${RANVIER_CXX_OPTIONS}>")
target_link_options(ranvier_flags INTERFACE ${link_options})
if(RANVIER_CHECK_CONTRACTS)
  target_compile_definitions(ranvier_flags INTERFACE RANVIER_CHECK_CONTRACTS)
endif()

# nvcc's, for the device and for the host code around kernels. fmt 9 disowns constexpr for any nvcc, and then fails to check
# its format strings.
if(RANVIER_USE_CUDA)
  list(JOIN arithmetic "," of_host)
  if(processor)
    list(GET processor 0 first)
    string(APPEND of_host ",${first}")
  endif()
  target_compile_options(ranvier_flags INTERFACE
    "$<$<COMPILE_LANGUAGE:CUDA>:--fmad=false;--extended-lambda;--expt-relaxed-constexpr;-Xcompiler=${of_host}>")
  target_compile_definitions(ranvier_flags INTERFACE "$<$<COMPILE_LANGUAGE:CUDA>:FMT_USE_CONSTEXPR=1>")
endif()
