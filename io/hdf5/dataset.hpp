#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "io/hdf5/file.hpp"
#include "io/hdf5/types.hpp"

namespace ranvier::hdf5 {

/// Sizes or positions, one per dimension.
using Extent = std::vector<std::uint64_t>;

/// What a dataset holds, as far as reading numbers from it is concerned.
enum class Kind { signed_integer, unsigned_integer, floating, text, other };

/// An open dataset. Every member throws RuntimeError naming dataset and file. Transfers are split at 1 GiB.
class Dataset {
 public:
  static Dataset open(const File& file, const std::string& path);
  /// Whether there is a dataset, and not a group or nothing.
  static bool is_at(const File& file, const std::string& path);
  /// A dataset of fixed size without chunks; small things. `extent` empty: a scalar.
  template <class T>
  static Dataset create(File& file, const std::string& path, const Extent& extent);
  /// A dataset that grows along its first dimension, with a Fletcher32 checksum on every chunk.
  template <class T>
  static Dataset create_growing(File& file, const std::string& path, const Extent& extent, const Extent& chunk);

  const std::string& name() const { return name_; }  ///< "'/path' of 'file'", for messages
  Kind kind() const;
  std::uint64_t element_bytes() const;  ///< in the file
  Extent extent() const;
  std::uint64_t size() const;  ///< elements
  void extend(const Extent& extent);
  Extent chunk() const;  ///< size of a chunk; empty where the dataset has none
  /// Where the chunk that begins at `offset` lies in the file, as it is stored.
  struct Place {
    std::uint64_t offset = 0, bytes = 0;
  };
  Place chunk_place(const Extent& offset) const;
  /// Chunks that lie one after the other in the file.
  struct ChunkRun {
    std::uint64_t first = 0, chunks = 0;  ///< number of the first; chunks are numbered row by row, as they are made
    Place place;                          ///< of the first; all have its size
  };
  /// Where the chunks from number `first` to `last` lie, in ascending order. Finding a chunk takes the library time in
  /// proportion to the number of those before it, so only the ends and the middle of a run are looked for: space is taken
  /// from the end of the file, in the order of chunks.
  std::vector<ChunkRun> chunk_runs(std::uint64_t first, std::uint64_t last) const;

  /// Writes a block by this rank alone.
  template <class T>
  void write(const Extent& offset, const Extent& count, const T* data);
  /// Writes one block per rank; collective over `comm`, the communicator of the file. A count of 0 takes part with
  /// nothing. An error on one rank alone is thrown there alone: see Communicator::together.
  template <class T>
  void write_together(const Communicator& comm, const Extent& offset, const Extent& count, const T* data);

  /// Reads a block, converted to T. Throws where it does not lie within the extent or is no number.
  template <class T>
  void read(const Extent& offset, const Extent& count, T* data) const;
  /// Reads everything, after check_size().
  template <class T>
  std::vector<T> read() const;
  /// Throws where the file cannot hold as many elements as the dataset claims, as in a damaged or hostile file: call it
  /// before allocating memory of that size.
  void check_size() const;
  /// The text of a scalar or of the first element.
  std::string read_text() const;
  /// Forgets the dataset with its file (File::abandon).
  void abandon() noexcept { handle_.release(); }

 private:
  Dataset(DatasetHandle handle, std::string name, std::string file)
      : handle_(std::move(handle)), name_(std::move(name)), file_(std::move(file)) {}

  DatasetHandle handle_;
  std::string name_, file_;
};

/// A scalar dataset holding a text of any length.
void write_text(File& file, const std::string& path, const std::string& text);

}  // namespace ranvier::hdf5
