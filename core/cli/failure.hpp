#pragma once
#include <exception>
#include <string>

#include "comm/mpi/communicator.hpp"
#include "core/base/error.hpp"

namespace ranvier::cli {

/// What to print of an error.
std::string error_text(const std::exception& error);
/// Tells of something that does not stop a command.
void print_warning(const std::string& what);
/// The exit code of an error.
ExitCode exit_code(const std::exception& error);

/// What a rank does that has caught `error`. Where all ranks have, with the same text, rank 0 prints it once and all
/// return the exit code, to finalise MPI and end in order. Where some ranks go on, they would wait for this one for ever:
/// after `patience_s` this one prints its rank and reason and aborts them all.
/// `comm` must be used for nothing else.
ExitCode fail(const Communicator& comm, const std::exception& error, double patience_s = 3.0);

}  // namespace ranvier::cli
