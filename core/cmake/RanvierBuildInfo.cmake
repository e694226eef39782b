# Generates ranvier_build_info.hpp, which says what this build is made of: its target `ranvier_build_info` looks at
# .git at every build and touches the header only when something changed. core/base/version.cpp alone includes it.
# Run with -P this file is the script that writes it.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  # What every target is compiled with.
  string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
  string(REPLACE ";" " " flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}} ${RANVIER_CXX_OPTIONS}")
  string(STRIP "${flags}" flags)
  set(header "${PROJECT_BINARY_DIR}/generated/ranvier_build_info.hpp")
  add_custom_target(ranvier_build_info_header
    COMMAND ${CMAKE_COMMAND}
      "-DSOURCE=${PROJECT_SOURCE_DIR}" "-DHEADER=${header}" "-DVERSION=${PROJECT_VERSION}"
      "-DCOMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}" "-DFLAGS=${flags}"
      "-DBUILD_TYPE=${CMAKE_BUILD_TYPE}" "-DKOKKOS=${Kokkos_VERSION}" "-DDEVICES=${Kokkos_DEVICES}"
      "-DDEVICE_HALF=${RANVIER_DEVICE_DESCRIPTION}"
      -P "${CMAKE_CURRENT_LIST_FILE}"
    BYPRODUCTS "${header}"
    COMMENT "Recording version and git hash" VERBATIM)
  add_library(ranvier_build_info INTERFACE)
  target_include_directories(ranvier_build_info INTERFACE "${PROJECT_BINARY_DIR}/generated")
  add_dependencies(ranvier_build_info ranvier_build_info_header)
  return()
endif()

# Git may be missing, or the sources come from an archive: then the hash is empty.
find_program(GIT git)
set(hash "")
if(GIT AND EXISTS "${SOURCE}/.git")
  execute_process(COMMAND "${GIT}" -C "${SOURCE}" rev-parse --short=12 HEAD
    OUTPUT_VARIABLE hash OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND "${GIT}" -C "${SOURCE}" --no-optional-locks status --porcelain --untracked-files=no
    OUTPUT_VARIABLE changes ERROR_QUIET)
  if(hash AND changes)
    string(APPEND hash "-dirty")
  endif()
endif()
string(REPLACE ";" " " DEVICES "${DEVICES}")
string(REPLACE ";" " " DEVICE_HALF "${DEVICE_HALF}")
file(CONFIGURE OUTPUT "${HEADER}" @ONLY CONTENT [=[
#pragma once

/// Written by the build; see core/cmake/RanvierBuildInfo.cmake.
namespace ranvier::build_info {

inline constexpr const char* version = "@VERSION@";
inline constexpr const char* git_hash = "@hash@";  ///< ends in "-dirty" where files differ from the commit; may be empty
inline constexpr const char* compiler = "@COMPILER@";
inline constexpr const char* flags = "@FLAGS@";
inline constexpr const char* build_type = "@BUILD_TYPE@";
inline constexpr const char* kokkos = "@KOKKOS@";
inline constexpr const char* devices = "@DEVICES@";  ///< its backends
inline constexpr const char* device_half = "@DEVICE_HALF@";  ///< what code for GPUs is made with; empty where there is none

}  // namespace ranvier::build_info
]=])
