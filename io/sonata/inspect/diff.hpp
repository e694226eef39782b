#pragma once
#include <string>

namespace ranvier {

struct DiffResult {
  int exit_code = 0;  ///< 0 same, 1 different, 2 one of them cannot be compared
  std::string text;   ///< ends with a newline; for 1 it begins with the first difference
};

/// Are two results the same? Two files, or two folders, whose HDF5 files are compared by name. Spikes are compared
/// exactly, by step and neuron (by time and neuron where a file has no steps); reports and anything else by bits.
/// Differences in provenance are mentioned, but make no difference. Never throws; reads in a child process.
DiffResult diff(const std::string& a, const std::string& b);

}  // namespace ranvier
