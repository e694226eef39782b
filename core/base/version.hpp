#pragma once
#include <string>

/// What this build is made of, for `--version` and the provenance in every file.
namespace ranvier {

/// "0.1.0".
std::string version();
/// Short hash of the source, with "-dirty" where files differ from the commit; empty where there was no git.
std::string git_hash();
/// One line: compiler, build type, flags, Kokkos and its backends, and what code for GPUs is made with.
std::string build_description();

}  // namespace ranvier
