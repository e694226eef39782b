#pragma once
#include <mpi.h>

#include <exception>
#include <string>

/// What may fail on one rank alone is agreed on before the next collective call, so that no rank waits for ever.
namespace ranvier {

/// Collective. Throws RuntimeError on every rank if `error` is not empty on any; the text is that of the lowest such
/// rank, named where there are several.
void agree(MPI_Comm comm, const std::string& error);

/// Collective. Runs `action` on every rank; whatever any of them throws, all throw.
template <class Action>
void together(MPI_Comm comm, Action action) {
  std::string error;
  try {
    action();
  } catch (const std::exception& e) {
    error = e.what();
    if (error.empty()) error = "unknown error";
  }
  agree(comm, error);
}

}  // namespace ranvier
