#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <vector>

#include "comm/exchange/chunk_size.hpp"
#include "comm/exchange/cuda_handles.hpp"
#include "comm/exchange/exchanges.hpp"
#include "comm/exchange/outbox.hpp"

namespace ranvier {
namespace {

constexpr unsigned smallest_chunk_exponent = 8;

/// Spikes between GPUs: one group of sends and receives per interval on a stream of its own, in fixed chunks that follow
/// the traffic of each pair. What does not fit goes in a second group, of which both sides know from the header.
class NcclExchange final : public SpikeExchange {
 public:
  NcclExchange(const Communicator& comm, Routing routing, const ncclUniqueId& id)
      : outbox_(std::move(routing)), nccl_(comm.size(), id, comm.rank().value), peers_(outbox_.peers().size()) {}

  /// Where an interval was not finished, as in a failure, the others may be gone: abort rather than wait.
  ~NcclExchange() override {
    if (in_flight_) nccl_.abort();
  }

  void start(std::span<const Spike> emitted) override {
    outbox_.pack(emitted);
    place_blocks();
    in_flight_ = true;
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      const auto message = outbox_.message(p);
      std::copy_n(message.begin(), std::min(message.size(), peers_[p].send.spikes() + 1),
                  to_send_host_.data() + peers_[p].send_at);
      statistics_.spikes_sent += message.size() - 1;
    }
    copy(to_send_.data(), to_send_host_.data(), send_size_, cudaMemcpyHostToDevice);
    group([&](std::size_t p, int rank) {
      send(to_send_.data() + peers_[p].send_at, peers_[p].send.spikes() + 1, rank);
      receive(arrived_.data() + peers_[p].receive_at, peers_[p].receive.spikes() + 1, rank);
    });
    copy(arrived_host_.data(), arrived_.data(), receive_size_, cudaMemcpyDeviceToHost);
    ++statistics_.exchanges;
  }

  std::span<const Spike> local() const override { return outbox_.local(); }

  std::span<const Spike> finish() override {
    const auto begin = std::chrono::steady_clock::now();
    wait();
    collect();
    in_flight_ = false;
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      peers_[p].send.observe(ChunkSize::exponent_for(outbox_.count(p)));
      peers_[p].receive.observe(ChunkSize::exponent_for(peers_[p].count));
    }
    statistics_.spikes_received += received_.size();
    statistics_.wait_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return received_;
  }

  ExchangeStatistics statistics() const override { return statistics_; }
  std::string_view name() const override { return "nccl"; }
  std::uint64_t bytes() const override {
    return outbox_.bytes() + to_send_host_.bytes() + arrived_host_.bytes() + to_send_.bytes() + arrived_.bytes() +
           received_.capacity() * sizeof(Spike);
  }

 private:
  struct Peer {
    ChunkSize send{smallest_chunk_exponent}, receive{smallest_chunk_exponent};
    std::size_t send_at = 0, receive_at = 0;  ///< where the blocks of this interval begin
    std::size_t count = 0;                    ///< spikes that arrive in this interval
  };

  void reserve() {
    to_send_host_.reserve(send_size_);
    to_send_.reserve(send_size_);
    arrived_host_.reserve(receive_size_);
    arrived_.reserve(receive_size_);
  }

  void place_blocks() {
    send_size_ = receive_size_ = 0;
    for (auto& peer : peers_) {
      peer.send_at = send_size_;
      peer.receive_at = receive_size_;
      send_size_ += peer.send.spikes() + 1;
      receive_size_ += peer.receive.spikes() + 1;
    }
    reserve();
  }

  void copy(Spike* to, const Spike* from, std::size_t spikes, cudaMemcpyKind kind) {
    if (spikes == 0) return;
    check_cuda(cudaMemcpyAsync(to, from, spikes * sizeof(Spike), kind, stream_.get()), "cudaMemcpyAsync");
  }

  template <class Post>
  void group(Post post) {
    check_nccl(ncclGroupStart(), "ncclGroupStart");
    for (std::size_t p = 0; p < peers_.size(); ++p) post(p, outbox_.peers()[p]);
    check_nccl(ncclGroupEnd(), "ncclGroupEnd");
  }

  void send(const Spike* data, std::size_t spikes, int rank) {
    check_nccl(ncclSend(data, spikes * sizeof(Spike), ncclUint8, rank, nccl_.get(), stream_.get()), "ncclSend");
    statistics_.bytes_sent += spikes * sizeof(Spike);
  }

  void receive(Spike* data, std::size_t spikes, int rank) {
    check_nccl(ncclRecv(data, spikes * sizeof(Spike), ncclUint8, rank, nccl_.get(), stream_.get()), "ncclRecv");
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

  void collect() {
    std::size_t total = 0;
    bool more = false;
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      auto& peer = peers_[p];
      peer.count = MessageHeader::unpack(arrived_host_.data()[peer.receive_at]).count;
      total += peer.count;
      more = more || peer.count > peer.receive.spikes() || outbox_.count(p) > peer.send.spikes();
    }
    received_.resize(total);
    std::size_t at = 0;
    for (const auto& peer : peers_) {
      std::copy_n(arrived_host_.data() + peer.receive_at + 1, std::min(peer.count, peer.receive.spikes()),
                  received_.begin() + static_cast<std::ptrdiff_t>(at));
      at += peer.count;
    }
    if (more) second_round();
  }

  /// The tails of messages past their chunks, in exact sizes.
  void second_round() {
    const auto tail = [](std::size_t count, const ChunkSize& chunk) { return count - std::min(count, chunk.spikes()); };
    std::vector<std::size_t> send_at, receive_at;
    send_size_ = receive_size_ = 0;
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      send_at.push_back(send_size_);
      receive_at.push_back(receive_size_);
      send_size_ += tail(outbox_.count(p), peers_[p].send);
      receive_size_ += tail(peers_[p].count, peers_[p].receive);
    }
    reserve();
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      const auto rest = outbox_.spikes(p).last(tail(outbox_.count(p), peers_[p].send));
      std::copy(rest.begin(), rest.end(), to_send_host_.data() + send_at[p]);
      statistics_.second_rounds += rest.empty() ? 0 : 1;
    }
    copy(to_send_.data(), to_send_host_.data(), send_size_, cudaMemcpyHostToDevice);
    group([&](std::size_t p, int rank) {
      if (const auto n = tail(outbox_.count(p), peers_[p].send); n > 0) send(to_send_.data() + send_at[p], n, rank);
      if (const auto n = tail(peers_[p].count, peers_[p].receive); n > 0)
        receive(arrived_.data() + receive_at[p], n, rank);
    });
    copy(arrived_host_.data(), arrived_.data(), receive_size_, cudaMemcpyDeviceToHost);
    wait();
    std::size_t at = 0;
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      const std::size_t n = tail(peers_[p].count, peers_[p].receive);
      std::copy_n(arrived_host_.data() + receive_at[p], n,
                  received_.begin() + static_cast<std::ptrdiff_t>(at + peers_[p].count - n));
      at += peers_[p].count;
    }
  }

  Outbox outbox_;
  CudaStream stream_;
  NcclCommunicator nccl_;
  bool in_flight_ = false;
  std::vector<Peer> peers_;
  std::size_t send_size_ = 0, receive_size_ = 0;  ///< spikes and headers of this round
  SpikeMemory<Memory::pinned_host> to_send_host_, arrived_host_;
  SpikeMemory<Memory::device> to_send_, arrived_;
  std::vector<Spike> received_;
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

/// NCCL refuses two ranks on one GPU, so that must be known before.
bool every_rank_has_its_own(const Communicator& comm) {
  Uuid mine{};
  if (!comm.all(find_device(mine))) return false;
  auto all = comm.all_gather(mine);
  std::sort(all.begin(), all.end());
  return std::adjacent_find(all.begin(), all.end()) == all.end();
}

}  // namespace

std::unique_ptr<SpikeExchange> make_nccl_exchange(const Communicator& comm, Routing& routing) {
  if (comm.size() == 1 || !every_rank_has_its_own(comm)) return nullptr;
  ncclUniqueId id{};
  comm.together([&] {
    if (comm.is_root()) check_nccl(ncclGetUniqueId(&id), "ncclGetUniqueId");
  });
  id = comm.broadcast(id);
  std::unique_ptr<SpikeExchange> exchange;
  comm.together([&] { exchange = std::make_unique<NcclExchange>(comm, std::move(routing), id); });
  return exchange;
}

}  // namespace ranvier
