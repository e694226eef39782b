#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/spike_list.hpp"

#if defined(RANVIER_COMM_HAS_CUDA)
#include "comm/exchange/cuda_handles.hpp"
#endif

namespace ranvier::testing {

/// Takes a GPU of the host for each rank, as a run does; nothing where there is none.
inline void take_device([[maybe_unused]] int rank_on_node) {
#if defined(RANVIER_COMM_HAS_CUDA)
  int devices = 0;
  if (cudaGetDeviceCount(&devices) == cudaSuccess && devices > 0)
    check_cuda(cudaSetDevice(rank_on_node % devices), "cudaSetDevice");
#endif
}

/// Spikes as an engine has them in the memory of an exchange, and back.
class SpikesInMemory {
 public:
  /// Valid until the next call. On a device, behind spikes that were taken before, with their number known there alone.
  SpikeList put(const std::vector<Spike>& spikes, MemorySpace space) {
    spikes_ = spikes;
    if (space == MemorySpace::host) return SpikeList(std::span<const Spike>(spikes_));
    SpikeList list;
    list.space = MemorySpace::device;
#if defined(RANVIER_COMM_HAS_CUDA)
    std::vector<Spike> with_older{{0, 1, 1}, {0, 2, 1}};
    with_older.insert(with_older.end(), spikes.begin(), spikes.end());
    records_.assign(with_older);
    counters_.assign({2, static_cast<std::uint32_t>(with_older.size()), 0});
    list.records = records_.data();
    list.count = static_cast<std::uint32_t>(with_older.size());
    list.begin = counters_.data();
    list.end = counters_.data() + 1;
    list.next = counters_.data() + 2;
#endif
    return list;
  }

  /// Overwrites what put() gave, in host memory: an exchange may no longer need it.
  void spoil() { std::fill(spikes_.begin(), spikes_.end(), Spike{0xffffffffU, 0xffff, 0xffff}); }

  /// What delivery would see: sources are slots, and spikes without one are left out.
  static std::vector<Spike> get(const SpikeList& list) {
    if (list.space == MemorySpace::host) return {list.on_host().begin(), list.on_host().end()};
    std::vector<Spike> spikes;
#if defined(RANVIER_COMM_HAS_CUDA)
    check_cuda(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
    const std::uint32_t begin = list.begin != nullptr ? fetch(list.begin, 1)[0] : 0;
    const std::uint32_t end = list.end != nullptr ? fetch(list.end, 1)[0] : list.count;
    for (Spike spike : fetch(list.records + begin, end - begin)) {
      if (list.slot_of != nullptr) spike.source = fetch(list.slot_of + spike.source, 1)[0];
      if (spike.source != without_slot) spikes.push_back(spike);
    }
#endif
    return spikes;
  }

 private:
#if defined(RANVIER_COMM_HAS_CUDA)
  template <class T>
  static std::vector<T> fetch(const T* data, std::size_t size) {
    std::vector<T> values(size);
    if (size > 0) check_cuda(cudaMemcpy(values.data(), data, size * sizeof(T), cudaMemcpyDefault), "cudaMemcpy");
    return values;
  }
  CudaArray<Spike> records_;
  CudaArray<std::uint32_t> counters_;
#endif
  std::vector<Spike> spikes_;
};

}  // namespace ranvier::testing
