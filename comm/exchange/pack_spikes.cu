#include "comm/exchange/pack_spikes.hpp"

#include "comm/exchange/cuda_handles.hpp"

namespace ranvier {

namespace {

constexpr unsigned threads = 256;
/// The host does not know how many spikes there are: enough blocks to fill a device, few enough to start quickly.
constexpr unsigned blocks = 264;

__global__ void pack(const SpikeList emitted, const PackTables tables) {
  const std::uint32_t begin = emitted.begin != nullptr ? *emitted.begin : 0;
  const std::uint32_t end = emitted.end != nullptr ? *emitted.end : emitted.count;
  const std::uint32_t thread = blockIdx.x * threads + threadIdx.x;
  if (thread == 0 && emitted.next != nullptr) *emitted.next = end;
  for (std::uint32_t i = begin + thread; i < end; i += blocks * threads) {
    const Spike spike = emitted.records[i];
    for (std::uint64_t d = tables.begin[spike.source]; d < tables.begin[spike.source + 1]; ++d) {
      const Destination to = tables.destinations[d];
      const std::uint32_t at = atomicAdd(tables.counts + to.peer, 1u);
      if (at < tables.capacity[to.peer])
        tables.messages[tables.first[to.peer] + at] = Spike{to.slot, spike.offset, spike.multiplicity};
    }
  }
}

}  // namespace

void pack_spikes(const SpikeList& emitted, const PackTables& tables) {
  pack<<<blocks, threads, 0, static_cast<cudaStream_t>(emitted.queue)>>>(emitted, tables);
  check_cuda(cudaGetLastError(), "the packing of spikes");
}

}  // namespace ranvier
