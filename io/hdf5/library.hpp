#pragma once
#include <fmt/format.h>
#include <hdf5.h>

#include <string>
#include <utility>

/// The HDF5 library as Ranvier uses it: silent, checked, and never running its own clean-up at exit.
namespace ranvier::hdf5 {

/// Prepares the library; every open or create calls it. Its exit handler is switched off before anything else, because
/// it crashes the process when a file could not be written to the end (HDF5 1.10), and so is its printing of errors.
void initialise();

/// The library's error stack as one line, innermost cause first, and clears it. Empty if there was no error.
std::string take_error_stack();

/// Throws RuntimeError: "<what> (<cause from the error stack>); <what to do, where it is known>".
[[noreturn]] void fail(const std::string& what);

/// Passes a status or id through; a negative one is an error. The text is only formatted on failure.
template <class Status, class... Args>
Status check(Status status, fmt::format_string<Args...> what, Args&&... args) {
  if (status < 0) fail(fmt::format(what, std::forward<Args>(args)...));
  return status;
}

}  // namespace ranvier::hdf5
