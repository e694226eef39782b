#pragma once
#include <stdexcept>
#include <string>

/// Exceptions of Ranvier. They are caught in one place, at the top of the command line, which prints the reason
/// (with the rank, where there are several) and turns the type into the exit code.
namespace ranvier {

/// Exit codes of the `ranvier` command.
enum class ExitCode : int { done = 0, runtime = 1, usage = 2, resubmit = 75 };

/// Something failed while running: a file, memory, a library. Exit code 1.
/// The text reads "what failed (why); what to do".
struct RuntimeError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The command line or the config is wrong. Exit code 2. The text holds all errors, one per line.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace ranvier
