#pragma once
#include <functional>
#include <string>

/// Reading files that may be damaged or hostile. Random edits make the HDF5 library crash or loop in a few files of a
/// thousand, so such a file is read in a child process, which can only take itself down.
namespace ranvier::guard {

/// Runs `work` in a child process and returns its text. What it throws is thrown here as RuntimeError with the same
/// text (UsageError stays one). Throws RuntimeError where the child crashes, or reports no progress for
/// `patience_seconds`; `what` begins that message, such as "cannot read 'x.h5'".
/// Call it before threads are started.
std::string run(const std::string& what, const std::function<std::string()>& work, double patience_seconds = 20.0);

/// Tells the parent that work goes on; does nothing outside a child.
void progress();

/// From now on run() calls `work` in this process, unprotected: a fuzzer wants to see what crashes and what was reached.
void disable();

}  // namespace ranvier::guard
