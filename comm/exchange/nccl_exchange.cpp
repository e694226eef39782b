#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <optional>
#include <vector>

#include "comm/exchange/chunk_size.hpp"
#include "comm/exchange/cuda_handles.hpp"
#include "comm/exchange/exchanges.hpp"
#include "comm/exchange/nccl_communicator.hpp"
#include "comm/exchange/pack_spikes.hpp"
#include "core/base/clock.hpp"

namespace ranvier {
namespace {

constexpr unsigned smallest_chunk_exponent = 8;

/// Spikes between GPUs, which they do not leave. A kernel sorts those of an interval by receiver; then, in a stream of its own,
/// each pair of ranks exchanges the number of spikes and a chunk of fixed size, in one group. Chunks follow the traffic of
/// each pair; their unused part holds spikes without a slot, which delivery passes over. Where more spikes are due than
/// fit, both sides know from the numbers, and all of them go in a second group, in their exact number.
class NcclExchange final : public SpikeExchange {
 public:
  NcclExchange(const Communicator& comm, const Routing& routing, const ncclUniqueId& id)
      : nccl_(comm.size(), id, comm.rank().value), ranks_(routing.peers), peers_(routing.peers.size()) {
    self_slot_.assign(routing.self_slot);
    begin_.assign(routing.begin);
    destinations_.assign(routing.destinations);
    counts_.reserve(2 * peers_.size());
    counts_host_.reserve(2 * peers_.size());
    connect();
  }

  /// Where an interval was not finished, as in a failure, the others may be gone: abort rather than wait.
  ~NcclExchange() override {
    if (in_flight_) nccl_.abort();
  }

  MemorySpace space() const override { return MemorySpace::device; }

  void start(const SpikeList& emitted) override {
    emitted_ = emitted;
    ++statistics_.exchanges;
    if (peers_.empty()) return;
    in_flight_ = true;
    const std::vector<std::uint32_t> sizes = sizes_of([](const Peer& p) { return p.send.spikes(); });
    const std::uint32_t all = place(first_, capacity_, sizes);
    messages_.reserve(all);
    const auto queue = static_cast<cudaStream_t>(emitted.queue);
    check_cuda(cudaMemsetAsync(messages_.data(), 0xff, all * sizeof(Spike), queue), "cudaMemsetAsync");
    check_cuda(cudaMemsetAsync(counts_.data(), 0, peers_.size() * sizeof(std::uint32_t), queue), "cudaMemsetAsync");
    pack_spikes(emitted, tables(messages_.data()));
    packed_.order(queue, stream_.get());

    std::uint32_t arriving = 0;
    for (const Peer& peer : peers_) arriving += static_cast<std::uint32_t>(peer.receive.spikes());
    arrived_.reserve(arriving);
    group([&] {
      std::size_t from = 0, to = 0;
      for (std::size_t p = 0; p < peers_.size(); ++p) {
        send(counts_.data() + p, 1, p);
        receive(counts_.data() + peers_.size() + p, 1, p);
        send(messages_.data() + from, peers_[p].send.spikes(), p);
        receive(arrived_.data() + to, peers_[p].receive.spikes(), p);
        from += peers_[p].send.spikes();
        to += peers_[p].receive.spikes();
      }
    });
    check_cuda(cudaMemcpyAsync(counts_host_.data(), counts_.data(), 2 * peers_.size() * sizeof(std::uint32_t),
                               cudaMemcpyDeviceToHost, stream_.get()),
               "cudaMemcpyAsync");
    arrived_count_ = arriving;
  }

  SpikeList local() const override {
    SpikeList list = emitted_;
    list.slot_of = self_slot_.data();
    return list;
  }

  SpikeList finish() override {
    if (peers_.empty()) return nothing();
    const auto begin = Clock::now();
    wait();
    const std::uint32_t* const sent = counts_host_.data();
    const std::uint32_t* const received = counts_host_.data() + peers_.size();
    SpikeList list = nothing();
    list.records = arrived_.data();
    list.count = arrived_count_;
    if (overflows(sent, received)) list = second_round(sent, received);
    in_flight_ = false;
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      statistics_.spikes_sent += sent[p];
      statistics_.spikes_received += received[p];
      peers_[p].send.observe(ChunkSize::exponent_for(sent[p]));
      peers_[p].receive.observe(ChunkSize::exponent_for(received[p]));
    }
    statistics_.wait_seconds += seconds_since(begin);
    return list;
  }

  ExchangeStatistics statistics() const override { return statistics_; }
  std::string_view name() const override { return "nccl"; }
  ExchangeBytes bytes() const override {
    return {self_slot_.bytes() + begin_.bytes() + destinations_.bytes(),
            first_.bytes() + capacity_.bytes() + counts_.bytes() + messages_.bytes() + arrived_.bytes() +
                all_messages_.bytes() + all_arrived_.bytes()};
  }

 private:
  struct Peer {
    ChunkSize send{smallest_chunk_exponent}, receive{smallest_chunk_exponent};
  };

  /// NCCL connects a pair of ranks when they first exchange something, which takes about a second: now, not in the first
  /// interval.
  void connect() {
    if (peers_.empty()) return;
    group([&] {
      for (std::size_t p = 0; p < peers_.size(); ++p) {
        send(counts_.data() + p, 1, p);
        receive(counts_.data() + peers_.size() + p, 1, p);
      }
    });
    wait();
    statistics_ = {};
  }

  template <class Size>
  std::vector<std::uint32_t> sizes_of(Size size) const {
    std::vector<std::uint32_t> sizes;
    for (const Peer& peer : peers_) sizes.push_back(static_cast<std::uint32_t>(size(peer)));
    return sizes;
  }

  /// Messages of these sizes one after the other; returns the sum. Copies only where the sizes are others than before.
  std::uint32_t place(CudaArray<std::uint32_t>& first, CudaArray<std::uint32_t>& capacity,
                      const std::vector<std::uint32_t>& sizes) {
    std::vector<std::uint32_t> begin;
    std::uint32_t all = 0;
    for (const std::uint32_t size : sizes) {
      begin.push_back(all);
      all += size;
    }
    if (sizes != placed_) {
      first.assign(begin);
      capacity.assign(sizes);
      placed_ = sizes;
    }
    return all;
  }

  PackTables tables(Spike* messages) const {
    return {begin_.data(), destinations_.data(), first_.data(), capacity_.data(), messages, counts_.data()};
  }

  template <class Post>
  void group(Post post) {
    check_nccl(ncclGroupStart(), "ncclGroupStart");
    post();
    check_nccl(ncclGroupEnd(), "ncclGroupEnd");
  }

  template <class T>
  void send(const T* data, std::size_t size, std::size_t peer) {
    check_nccl(ncclSend(data, size * sizeof(T), ncclUint8, ranks_[peer], nccl_.get(), stream_.get()), "ncclSend");
    statistics_.bytes_sent += size * sizeof(T);
  }
  template <class T>
  void receive(T* data, std::size_t size, std::size_t peer) {
    check_nccl(ncclRecv(data, size * sizeof(T), ncclUint8, ranks_[peer], nccl_.get(), stream_.get()), "ncclRecv");
  }

  /// Polls, so that the failure of another rank ends the wait.
  void wait() {
    for (;;) {
      const cudaError_t state = cudaStreamQuery(stream_.get());
      if (state == cudaSuccess) return;
      if (state != cudaErrorNotReady) check_cuda(state, "cudaStreamQuery");
      nccl_.check_async();
    }
  }

  bool overflows(const std::uint32_t* sent, const std::uint32_t* received) const {
    for (std::size_t p = 0; p < peers_.size(); ++p)
      if (sent[p] > peers_[p].send.spikes() || received[p] > peers_[p].receive.spikes()) return true;
    return false;
  }

  /// All spikes of the pairs whose chunk was too small, beside the chunks of the others.
  SpikeList second_round(const std::uint32_t* sent, const std::uint32_t* received) {
    std::vector<std::uint32_t> sizes;
    std::uint32_t arriving = 0;
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      const bool again = sent[p] > peers_[p].send.spikes();
      sizes.push_back(again ? sent[p] : 0);
      statistics_.second_rounds += again ? 1 : 0;
      arriving += received_in_full(p, received[p]);
    }
    const std::uint32_t all = place(first_, capacity_, sizes);
    all_messages_.reserve(all);
    all_arrived_.reserve(arriving);
    const auto queue = static_cast<cudaStream_t>(emitted_.queue);
    check_cuda(cudaMemsetAsync(counts_.data(), 0, peers_.size() * sizeof(std::uint32_t), queue), "cudaMemsetAsync");
    pack_spikes(emitted_, tables(all_messages_.data()));
    packed_.order(queue, stream_.get());
    std::size_t chunk = 0, to = 0;
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      const std::size_t size = peers_[p].receive.spikes();
      if (received[p] <= size)
        check_cuda(cudaMemcpyAsync(all_arrived_.data() + to, arrived_.data() + chunk, size * sizeof(Spike),
                                   cudaMemcpyDeviceToDevice, stream_.get()),
                   "cudaMemcpyAsync");
      chunk += size;
      to += received_in_full(p, received[p]);
    }
    group([&] {
      std::size_t from = 0, at = 0;
      for (std::size_t p = 0; p < peers_.size(); ++p) {
        if (sizes[p] > 0) send(all_messages_.data() + from, sizes[p], p);
        if (received[p] > peers_[p].receive.spikes()) receive(all_arrived_.data() + at, received[p], p);
        from += sizes[p];
        at += received_in_full(p, received[p]);
      }
    });
    wait();
    SpikeList list = nothing();
    list.records = all_arrived_.data();
    list.count = arriving;
    return list;
  }

  /// Records that a peer takes in the list of a second round.
  std::uint32_t received_in_full(std::size_t peer, std::uint32_t received) const {
    return std::max(received, static_cast<std::uint32_t>(peers_[peer].receive.spikes()));
  }

  SpikeList nothing() const {
    SpikeList list;
    list.space = MemorySpace::device;
    list.queue = emitted_.queue;
    return list;
  }

  CudaStream stream_;
  CudaEvent packed_;
  NcclCommunicator nccl_;
  bool in_flight_ = false;
  std::vector<int> ranks_;
  std::vector<Peer> peers_;
  std::vector<std::uint32_t> placed_;  ///< sizes that first_ and capacity_ are for
  CudaArray<std::uint32_t> self_slot_, first_, capacity_;
  CudaArray<std::uint64_t> begin_;
  CudaArray<Destination> destinations_;
  CudaArray<std::uint32_t> counts_;  ///< by peer: spikes sent, then spikes received
  CudaArray<std::uint32_t, CudaMemory::pinned_host> counts_host_;
  CudaArray<Spike> messages_, arrived_, all_messages_, all_arrived_;
  std::uint32_t arrived_count_ = 0;
  SpikeList emitted_;
  ExchangeStatistics statistics_;
};

using Uuid = std::array<char, 16>;

/// The device that this rank uses, and whether it has one at all.
bool find_device(Uuid& uuid) {
  int device = 0;
  cudaDeviceProp properties{};
  if (cudaGetDevice(&device) != cudaSuccess || cudaGetDeviceProperties(&properties, device) != cudaSuccess) {
    cudaGetLastError();  // no device is no error here
    return false;
  }
  std::memcpy(uuid.data(), properties.uuid.bytes, uuid.size());
  return true;
}

}  // namespace

std::string why_no_nccl(const Communicator& comm, MemorySpace spikes) {
  if (!comm.all(spikes == MemorySpace::device)) return "the spikes of some ranks are in host memory";
  Uuid mine{};
  if (!comm.all(find_device(mine))) return "some ranks have no GPU";
  auto all = comm.all_gather(mine);
  std::sort(all.begin(), all.end());
  // NCCL refuses two ranks on one GPU, so that must be known before.
  return std::adjacent_find(all.begin(), all.end()) == all.end() ? "" : "several ranks share a GPU";
}

std::unique_ptr<SpikeExchange> make_nccl_exchange(const Communicator& comm, const Routing& routing) {
  ncclUniqueId id{};
  comm.together([&] {
    if (comm.is_root()) check_nccl(ncclGetUniqueId(&id), "ncclGetUniqueId");
  });
  id = comm.broadcast(id);
  std::unique_ptr<SpikeExchange> exchange;
  comm.together([&] { exchange = std::make_unique<NcclExchange>(comm, routing, id); });
  return exchange;
}

}  // namespace ranvier
