#pragma once
#include <mpi.h>

#include <utility>

namespace ranvier {

/// A private copy of a communicator, so that the collectives of a file cannot meet those of anyone else. Making it is
/// collective; giving it back is not, and is skipped once MPI has ended.
class CommunicatorCopy {
 public:
  explicit CommunicatorCopy(MPI_Comm original) {
    MPI_Comm_dup(original, &comm_);
    MPI_Comm_rank(comm_, &rank_);
    MPI_Comm_size(comm_, &size_);
  }
  /// The same ranks in another order: that of `place`, which is different on each.
  CommunicatorCopy(MPI_Comm original, int place) {
    MPI_Comm_split(original, 0, place, &comm_);
    MPI_Comm_rank(comm_, &rank_);
    MPI_Comm_size(comm_, &size_);
  }
  CommunicatorCopy(CommunicatorCopy&& other) noexcept
      : comm_(std::exchange(other.comm_, MPI_COMM_NULL)), rank_(other.rank_), size_(other.size_) {}
  CommunicatorCopy& operator=(CommunicatorCopy&&) = delete;
  ~CommunicatorCopy() {
    int ended = 0;
    MPI_Finalized(&ended);
    if (comm_ != MPI_COMM_NULL && !ended) MPI_Comm_free(&comm_);
  }

  MPI_Comm get() const { return comm_; }
  int rank() const { return rank_; }
  int size() const { return size_; }

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0, size_ = 1;
};

}  // namespace ranvier
