#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "io/hdf5/handle.hpp"

namespace ranvier::hdf5 {

/// An open HDF5 file. Every member throws RuntimeError with the path and the library's reason.
class File {
 public:
  File() = default;  ///< not open
  /// Read only, without MPI.
  static File open(const std::string& path);
  /// New or emptied, without MPI: used by one rank to lay out a file before all open it.
  /// The first `user_bytes` (0, or a power of two from 512 on) are left to the user.
  static File create(const std::string& path, std::uint64_t user_bytes = 0);
  /// Read and write; collective. Metadata stays in memory until flush(), so that what lies on the disk between two flushes is
  /// what the last one left. Several ranks use MPI-IO; one alone does not, so that any thread of it may use the file.
  static File open_shared(const std::string& path, const Communicator& comm);

  hid_t id() const { return handle_.get(); }
  const std::string& path() const { return path_; }
  bool is_open() const { return static_cast<bool>(handle_); }

  bool has(const std::string& object) const;
  /// Names of the members of a group, in alphabetical order; empty if there is no such group.
  std::vector<std::string> members(const std::string& group) const;
  /// Paths of all datasets, each once, in alphabetical order, without a slash in front.
  std::vector<std::string> datasets() const;
  void make_group(const std::string& group);
  /// A second name for an object.
  void hard_link(const std::string& existing, const std::string& name);

  /// Makes sure that `bytes` more can be written: has the file system set them aside. Throws RuntimeError with the system's
  /// reason (no space left, quota, file too large) while the file is still intact: MPI-IO would lose the reason, and the
  /// library does not survive a full disk. What is not used in the end is given back by trim().
  void reserve(std::uint64_t bytes) const;
  /// The same for the ranks that share the file; collective. Rank 0 asks the file system, every rank checks its own limits,
  /// and all throw the same error.
  void reserve(std::uint64_t bytes, const Communicator& comm) const;
  /// Everything written so far to the operating system and its disk.
  void flush();
  void close();
  /// Forgets the file without closing it, after a failed write: closing would try to write again and crash.
  void abandon() noexcept { handle_.release(); }

 private:
  File(FileHandle handle, std::string path) : handle_(std::move(handle)), path_(std::move(path)) {}

  FileHandle handle_;
  std::string path_;
};

/// Size on disk in bytes. Throws RuntimeError where there is no regular file.
std::uint64_t file_size(const std::string& path);

/// Gives back what was set aside behind the end of a closed file. One rank calls it.
void trim(const std::string& path);

}  // namespace ranvier::hdf5
