#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "io/checkpoint/checkpoint_writer.hpp"
#include "io/checkpoint/file_image.hpp"
#include "io/hdf5/file.hpp"

namespace ranvier::checkpoint {

/// A checkpoint whose seal is whole, open for reading by one process. Everything throws RuntimeError.
class CheckpointFile {
 public:
  explicit CheckpointFile(const std::string& path);

  const std::string& path() const { return file_.path(); }
  const Header& header() const { return header_; }
  std::vector<FileImage> recordings() const;

  /// Names of what there is for a population, in alphabetical order.
  std::vector<std::string> variables(const std::string& population) const;
  std::vector<std::string> receptors(const std::string& population) const;
  std::vector<std::string> populations() const;

  /// The state of neurons [first, first + count). `neurons` is the size of the population, which must agree.
  std::vector<double> state(const std::string& population, const std::string& variable, std::uint64_t first,
                            std::uint64_t count, std::uint64_t neurons) const;
  /// Sums that arrive at the end of `steps`: [step][neuron].
  struct Arrivals {
    std::vector<Step> steps;
    std::vector<std::int64_t> sums;
  };
  Arrivals arrivals(const std::string& population, const std::string& receptor, std::uint64_t first,
                    std::uint64_t count, std::uint64_t neurons) const;
  std::vector<std::int64_t> series(const std::string& path) const;
  bool has(const std::string& path) const { return file_.has(path); }

 private:
  hdf5::File file_;
  Header header_;
};

/// Where to go on from.
struct RestartFile {
  std::string path;
  std::string warning;  ///< why it is not the file that was asked for; empty where it is
};

/// The newest whole checkpoint among the given one and the older ones beside it. `path` is a file or a folder of results.
/// Collective. Throws RuntimeError with what is wrong with each where none is whole.
RestartFile find_whole(const std::string& path, const Communicator& comm);

/// What `ranvier info` tells of a checkpoint.
std::string describe_checkpoint(const std::string& path);

}  // namespace ranvier::checkpoint
