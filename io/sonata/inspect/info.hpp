#pragma once
#include <string>

namespace ranvier {

/// What a file of results or of a network holds, for people: kind, populations, counts, time range, rates, provenance.
/// Reads all of it (so damage shows) in a child process (so a hostile file takes only that down). Throws RuntimeError
/// where there is no such file, where it is no HDF5 file, and where it is cut short or damaged.
std::string info(const std::string& path);

/// The same in this process.
std::string describe_file(const std::string& path);

}  // namespace ranvier
