#pragma once
#include <fmt/format.h>
#include <nccl.h>

#include <utility>

#include "core/base/error.hpp"

namespace ranvier {

inline void check_nccl(ncclResult_t code, const char* call) {
  if (code != ncclSuccess)
    throw RuntimeError(fmt::format("{} failed ({}; {})", call, ncclGetErrorString(code), ncclGetLastError(nullptr)));
}

/// NCCL's group of ranks, owned.
class NcclCommunicator {
 public:
  NcclCommunicator(int size, const ncclUniqueId& id, int rank) {
    check_nccl(ncclCommInitRank(&comm_, size, id, rank), "ncclCommInitRank");
  }
  ~NcclCommunicator() {
    if (comm_ != nullptr) ncclCommDestroy(comm_);
  }
  NcclCommunicator(const NcclCommunicator&) = delete;
  NcclCommunicator& operator=(const NcclCommunicator&) = delete;
  ncclComm_t get() const { return comm_; }

  /// Ends what is under way without waiting for the others.
  void abort() noexcept { ncclCommAbort(std::exchange(comm_, nullptr)); }

  /// Throws where another rank or the network has failed since.
  void check_async() {
    ncclResult_t state = ncclSuccess;
    check_nccl(ncclCommGetAsyncError(comm_, &state), "ncclCommGetAsyncError");
    check_nccl(state, "an exchange over NCCL");
  }

 private:
  ncclComm_t comm_ = nullptr;
};

}  // namespace ranvier
