#pragma once
#include <cuda_runtime.h>
#include <fmt/format.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "core/base/error.hpp"

/// Owning handles over the CUDA runtime, as far as exchanges need them.
namespace ranvier {

inline void check_cuda(cudaError_t code, const char* call) {
  if (code != cudaSuccess) throw RuntimeError(fmt::format("{} failed ({})", call, cudaGetErrorString(code)));
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

class CudaEvent {
 public:
  CudaEvent() { check_cuda(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming), "cudaEventCreate"); }
  ~CudaEvent() { cudaEventDestroy(event_); }
  CudaEvent(const CudaEvent&) = delete;
  CudaEvent& operator=(const CudaEvent&) = delete;

  /// What is queued in `later` from now on waits for what is queued in `earlier` by now.
  void order(cudaStream_t earlier, cudaStream_t later) {
    check_cuda(cudaEventRecord(event_, earlier), "cudaEventRecord");
    check_cuda(cudaStreamWaitEvent(later, event_, 0), "cudaStreamWaitEvent");
  }

 private:
  cudaEvent_t event_ = nullptr;
};

enum class CudaMemory { device, pinned_host };

/// Room for plain structs; grows, and forgets what it held when it does.
template <class T, CudaMemory where = CudaMemory::device>
class CudaArray {
 public:
  CudaArray() = default;
  ~CudaArray() { release(); }
  CudaArray(const CudaArray&) = delete;
  CudaArray& operator=(const CudaArray&) = delete;

  void reserve(std::size_t size) {
    if (size <= capacity_) return;
    release();
    const std::size_t room = size + size / 2;
    void* data = nullptr;
    if constexpr (where == CudaMemory::device)
      check_cuda(cudaMalloc(&data, room * sizeof(T)), "cudaMalloc");
    else
      check_cuda(cudaMallocHost(&data, room * sizeof(T)), "cudaMallocHost");
    data_ = static_cast<T*>(data);
    capacity_ = room;
  }
  /// Room for the values, and the values; waits for the copy.
  void assign(const std::vector<T>& values) {
    reserve(values.size());
    if (!values.empty())
      check_cuda(cudaMemcpy(data_, values.data(), values.size() * sizeof(T), cudaMemcpyDefault), "cudaMemcpy");
  }
  T* data() const { return data_; }
  std::size_t bytes() const { return capacity_ * sizeof(T); }

 private:
  void release() noexcept {
    if (data_ == nullptr) return;
    if constexpr (where == CudaMemory::device)
      cudaFree(data_);
    else
      cudaFreeHost(data_);
    data_ = nullptr;
    capacity_ = 0;
  }

  T* data_ = nullptr;
  std::size_t capacity_ = 0;
};

}  // namespace ranvier
