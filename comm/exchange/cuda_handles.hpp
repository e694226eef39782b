#pragma once
#include <cuda_runtime.h>
#include <fmt/format.h>
#include <nccl.h>

#include <cstddef>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/spike.hpp"

/// Owning handles over the CUDA runtime and NCCL, as far as the exchange needs them.
namespace ranvier {

inline void check_cuda(cudaError_t code, const char* call) {
  if (code != cudaSuccess) throw RuntimeError(fmt::format("{} failed ({})", call, cudaGetErrorString(code)));
}

inline void check_nccl(ncclResult_t code, const char* call) {
  if (code != ncclSuccess)
    throw RuntimeError(fmt::format("{} failed ({}; {})", call, ncclGetErrorString(code), ncclGetLastError(nullptr)));
}

class CudaStream {
 public:
  CudaStream() { check_cuda(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreate"); }
  ~CudaStream() { cudaStreamDestroy(stream_); }
  CudaStream(const CudaStream&) = delete;
  CudaStream& operator=(const CudaStream&) = delete;
  cudaStream_t get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

enum class Memory { device, pinned_host };

/// Room for spikes; grows, and forgets what it held when it does.
template <Memory where>
class SpikeMemory {
 public:
  SpikeMemory() = default;
  ~SpikeMemory() { release(); }
  SpikeMemory(const SpikeMemory&) = delete;
  SpikeMemory& operator=(const SpikeMemory&) = delete;

  void reserve(std::size_t spikes) {
    if (spikes <= capacity_) return;
    release();
    const std::size_t bytes = spikes * sizeof(Spike);
    void* data = nullptr;
    if constexpr (where == Memory::device)
      check_cuda(cudaMalloc(&data, bytes), "cudaMalloc");
    else
      check_cuda(cudaMallocHost(&data, bytes), "cudaMallocHost");
    data_ = static_cast<Spike*>(data);
    capacity_ = spikes;
  }
  Spike* data() { return data_; }
  std::size_t bytes() const { return capacity_ * sizeof(Spike); }

 private:
  void release() noexcept {
    if (data_ == nullptr) return;
    if constexpr (where == Memory::device)
      cudaFree(data_);
    else
      cudaFreeHost(data_);
    data_ = nullptr;
    capacity_ = 0;
  }

  Spike* data_ = nullptr;
  std::size_t capacity_ = 0;
};

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
