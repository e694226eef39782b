#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/base/ids.hpp"
#include "io/checkpoint/file_image.hpp"
#include "io/hdf5/file.hpp"
#include "io/results/provenance.hpp"

namespace ranvier::checkpoint {

/// What a checkpoint says besides its arrays.
struct Header {
  Step step = 0;        ///< the state is that at the end of this step
  double dt_ms = 0;     ///< of a step
  std::string network;  ///< the part of the config that decides what happens (network_text)
  std::string files;    ///< files that the config takes data from, a line each: their path and their hash
  Provenance provenance;
};

enum class Number { float32, float64, int32, int64 };

/// An array over the neurons of a population, in the order of their ids; with rows, where it is one for each of some steps.
struct ArrayPlan {
  std::string path;
  Number number = Number::float64;
  std::uint64_t neurons = 0;
  std::vector<Step> steps;  ///< of the rows; empty: no rows, one dimension
};

/// Small numbers that are no array over neurons, the same on all ranks.
struct Series {
  std::string path;
  std::vector<std::int64_t> values;
};

/// `checkpoint.h5`, and its older ones: `checkpoint.1.h5` and so on.
std::string checkpoint_path(const std::string& folder, int age = 0);

/// Writes one checkpoint, under a temporary name until it is whole. All members are collective; an error is the same
/// RuntimeError on all ranks, after which the temporary file is gone and the older checkpoints are as they were.
class CheckpointWriter {
 public:
  /// Arguments count on rank 0.
  CheckpointWriter(const std::string& folder, const Communicator& comm, const Header& header,
                   const std::vector<ArrayPlan>& arrays, const std::vector<Series>& series,
                   const std::vector<FileImage>& recordings);
  ~CheckpointWriter();
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  /// Values of neurons [first, first + count) of an array, all of its rows: [row][neuron]. T is the array's number.
  template <class T>
  void write(const ArrayPlan& array, std::uint64_t first, std::uint64_t count, const T* values);

  /// Closes, seals and brings to the disk, lets every older checkpoint age, forgets those beyond `keep` in all, and gives
  /// the new one its name. Returns its size in bytes.
  std::uint64_t finish(int keep);

 private:
  template <class Action>
  void guarded(Action action);
  void lay_out(const Header& header, const std::vector<ArrayPlan>& arrays, const std::vector<Series>& series,
               const std::vector<FileImage>& recordings) const;
  void discard() noexcept;

  std::string folder_, path_;
  Communicator comm_;
  hdf5::File file_;
  bool done_ = false;
};

}  // namespace ranvier::checkpoint
