#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "io/hdf5/dataset.hpp"

/// Recordings that go on after a restart. A process that is killed while the library writes leaves a file that nobody can
/// vouch for. But what a later write can change is little: all of an HDF5 file but its full chunks, which are written
/// once and never touched again. A checkpoint holds those bytes, and a restart puts them back: then the file is, to the
/// byte, what it was after the flush before the checkpoint, whatever happened since.
namespace ranvier::checkpoint {

/// The bytes of a flushed file that lie outside of full chunks: `lengths[k]` bytes from `offsets[k]` on, one after the other.
struct FileImage {
  std::string name;        ///< of the file, within the folder of results
  std::string what;        ///< what it records; a recording that differs in this is another one
  std::uint64_t size = 0;  ///< bytes of the whole file
  std::string mark;        ///< a text that no other file has in this place
  std::uint64_t mark_at = 0;
  std::vector<std::uint64_t> offsets, lengths;
  std::vector<std::uint8_t> bytes;
};

/// Takes images of one file as it grows. Remembers the chunks that it has found full: looking for one takes time in
/// proportion to all of them.
class FileImager {
 public:
  /// `mark` must stand in the file outside of its chunks, as the id of a run does.
  FileImager(std::string path, std::string mark) : path_(std::move(path)), mark_(std::move(mark)) {}

  /// After a flush by whoever writes the file. One process calls it; RuntimeError where the file cannot be read.
  FileImage take();

 private:
  struct Run {
    std::uint64_t offset, bytes;
  };
  struct Sealed {
    std::uint64_t chunks = 0;  ///< that are known to be full
    std::vector<Run> runs;     ///< where they lie
  };

  void add_full_chunks(const hdf5::Dataset& dataset, Sealed& sealed) const;
  std::vector<Run> gaps(std::uint64_t size) const;

  std::string path_, mark_;
  std::map<std::string, Sealed> datasets_;
};

/// Makes the file what the image says. RuntimeError where it is another file, or has become shorter.
void restore(const FileImage& image, const std::string& path);

}  // namespace ranvier::checkpoint
