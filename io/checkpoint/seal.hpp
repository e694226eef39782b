#pragma once
#include <cstdint>
#include <string>

#include "comm/mpi/communicator.hpp"

/// The seal of a checkpoint: its first 512 bytes, which HDF5 leaves to the user. They say in plain text what the file is,
/// and hold the size and the hash of everything that follows, so that no damage, wherever it is, goes unnoticed, and no
/// damaged file ever reaches the HDF5 library.
namespace ranvier::checkpoint {

inline constexpr std::uint64_t seal_bytes = 512;
/// Changes whenever a checkpoint of another version would be read wrongly.
inline constexpr int schema_version = 1;

/// XXH3-128 over the hashes of 4 MiB pieces of the file's bytes from `begin` on, as 32 hexadecimal digits. Collective: each
/// rank reads its share of the pieces. Throws the same RuntimeError on all ranks.
std::string hash_file(const std::string& path, std::uint64_t begin, const Communicator& comm);
/// The same by one process without MPI.
std::string hash_file(const std::string& path, std::uint64_t begin);

/// Collective, on a file that all ranks have closed and whose first 512 bytes are free: seals it and has the system bring
/// it to the disk.
void write_seal(const std::string& path, const Communicator& comm);

/// What is wrong with a file, as a text for people; empty where it is a whole checkpoint of this schema. Collective.
std::string problem_with(const std::string& path, const Communicator& comm);
std::string problem_with(const std::string& path);

/// Whether a file begins as a checkpoint does, whole or not; false too where it cannot be read.
bool looks_like_checkpoint(const std::string& path);

}  // namespace ranvier::checkpoint
