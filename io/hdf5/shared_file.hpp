#pragma once
#include <functional>
#include <string>

#include "comm/mpi/communicator.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/hdf5/file.hpp"

namespace ranvier {

/// An HDF5 file that all ranks write together. It has a temporary name until it is complete, so that a file under the
/// final name is never half written. All members are collective and throw the same RuntimeError on all ranks; after one
/// the file can only be destroyed, which removes it.
class SharedFile {
 public:
  /// `lay_out` makes groups, datasets and attributes: on rank 0 alone, where an error has a reason.
  SharedFile(std::string path, const Communicator& comm, const std::function<void(hdf5::File&)>& lay_out);
  SharedFile(const SharedFile&) = delete;
  SharedFile& operator=(const SharedFile&) = delete;
  /// Not collective: removes what has no final name yet.
  ~SharedFile();

  const std::string& path() const { return path_; }
  const Communicator& comm() const { return comm_; }

  /// Makes sure that so many bytes fit the disk, before any of them is written.
  void reserve(std::uint64_t bytes);
  void extend(const std::string& dataset, const hdf5::Extent& size);
  /// One block per rank; a count of 0 takes part with nothing.
  template <class T>
  void write(const std::string& dataset, const hdf5::Extent& offset, const hdf5::Extent& count, const T* data);
  /// What has been written so far goes to the disk.
  void flush();
  /// The file is complete, but for its name.
  void close();
  /// Gives it its name, replacing what had it.
  void publish();

 private:
  /// Runs `action` on an open dataset on all ranks; after a failure the handle is forgotten, as the file is.
  void with_dataset(const std::string& path, const std::function<void(hdf5::Dataset&)>& action);

  std::string path_, temporary_;
  Communicator comm_;
  hdf5::File file_;
  bool published_ = false;
};

/// What so many rows of a chunked dataset may add to a file, with what the library writes about the chunks.
inline std::uint64_t chunked_bytes(std::uint64_t rows, std::uint64_t row_bytes, std::uint64_t chunk_rows) {
  return (rows / chunk_rows + 2) * (chunk_rows * row_bytes + 256);
}

}  // namespace ranvier
