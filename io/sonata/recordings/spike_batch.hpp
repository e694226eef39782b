#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "io/files/descriptor.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/sonata/base/grid_time.hpp"

namespace ranvier {

/// How spikes are numbered, so that the numbers sort as a file does: by population, step and neuron.
struct SpikeKeys {
  std::vector<std::uint64_t> sizes;        ///< neurons, by population
  std::vector<std::uint64_t> first = {0};  ///< the least key, by population, and one past the last

  std::size_t populations() const { return sizes.size(); }
  std::uint64_t key(std::size_t population, Step step, std::uint64_t node) const {
    return first[population] + static_cast<std::uint64_t>(step) * sizes[population] + node;
  }
  Step step(std::size_t population, std::uint64_t key) const {
    return static_cast<Step>((key - first[population]) / sizes[population]);
  }
  /// The keys of a population among sorted ones.
  std::span<const std::uint64_t> of(std::size_t population, std::span<const std::uint64_t> sorted) const;
};

/// Where a batch of spikes, of all ranks and in global order, goes in the file.
struct SpikeBatch {
  struct Part {
    std::uint64_t begin = 0, end = 0;  ///< of a population's spikes in the batch
    std::uint64_t first_chunk = 0;     ///< that the first of them is the first of
    /// Of the chunks that they fill, in the datasets of times, ids and steps. Empty: all of them are there already.
    std::vector<hdf5::Dataset::ChunkRun> places[3];
  };
  std::vector<Part> parts;        ///< by population
  std::uint64_t slice_begin = 0;  ///< position of this rank's first spike
};

/// The part of writing spikes that needs no other rank and no library: sorting them, and writing chunks of their times,
/// ids and steps to where HDF5 has made room. A thread of its own can do it.
class SpikeBatchWriter {
 public:
  SpikeBatchWriter(std::string path, SpikeKeys keys, std::vector<std::uint64_t> chunk, double dt_ms);

  /// Of the spikes written: those in this rank's chunks that are not full yet. They are written again with the next batch.
  std::vector<std::uint64_t> tails;

  /// Leaves the keys and the tails in `sorted`.
  void sort(std::vector<std::uint64_t> keys);
  std::vector<std::uint64_t> sorted;
  std::vector<std::uint64_t> sorted_tails;  ///< how many of `sorted` were tails, by population

  /// The slice of this rank, which begins with a chunk in each population; runs of sorted keys where ranks have sent them.
  void write(std::vector<std::uint64_t> slice, const SpikeBatch& batch);

 private:
  /// Elements of a chunk as they lie in the file, with the checksum behind them.
  struct Chunk {
    std::vector<std::byte> bytes;
    template <class T>
    T* as() {
      return reinterpret_cast<T*>(bytes.data());
    }
  };
  void fill(std::size_t population, std::span<const std::uint64_t> keys);
  void store(const std::vector<hdf5::Dataset::ChunkRun>& places, std::uint64_t number, Chunk& chunk) const;

  std::string path_;
  SpikeKeys keys_;
  std::vector<std::uint64_t> chunk_;  ///< elements, by population
  GridTime time_;
  Descriptor file_;
  Chunk times_, ids_, steps_;
};

}  // namespace ranvier
