#include <chrono>

#include "comm/exchange/chunk_size.hpp"
#include "comm/exchange/exchanges.hpp"
#include "comm/exchange/outbox.hpp"
#include "core/base/clock.hpp"

namespace ranvier {
namespace {

constexpr int first_tag = 1, rest_tag = 2;
constexpr unsigned smallest_chunk_exponent = 8;  // 2 KiB: below the eager limit of every transport

/// One message to every rank that shares synapses, also when empty: the header tells the count. Receives for the next
/// interval are posted before this one is used, so a message never waits for its buffer. What does not fit the chunk
/// goes at once in a second message, whose size the header has told.
class NeighbourExchange final : public SpikeExchange {
 public:
  NeighbourExchange(const Communicator& comm, Routing routing)
      : comm_(comm.duplicate()), outbox_(std::move(routing)), type_(sizeof(Spike)), peers_(outbox_.peers().size()) {
    receives_.assign(peers_.size(), MPI_REQUEST_NULL);
    sends_.reserve(2 * peers_.size());
    rests_.reserve(peers_.size());
    for (std::size_t p = 0; p < peers_.size(); ++p) post_receive(p);
  }

  ~NeighbourExchange() override {
    for (auto& request : receives_) {
      if (request == MPI_REQUEST_NULL) continue;
      MPI_Cancel(&request);
      MPI_Wait(&request, MPI_STATUS_IGNORE);
    }
    // An interval was not finished, as in a failure: to wait for ranks that may be gone would be for ever.
    if (!sends_.empty()) leave_behind(std::move(outbox_));
    if (!rests_.empty()) leave_behind(std::move(received_));
  }

  void start(const SpikeList& emitted) override {
    outbox_.pack(emitted.on_host());
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      const auto message = outbox_.message(p);
      const std::size_t first = std::min(message.size(), peers_[p].send_chunk.spikes() + 1);
      send(p, message.first(first), first_tag);
      if (message.size() > first) {
        send(p, message.subspan(first), rest_tag);
        ++statistics_.second_rounds;
      }
      statistics_.spikes_sent += message.size() - 1;
      peers_[p].send_chunk.observe(ChunkSize::exponent_for(message.size() - 1));
    }
    ++statistics_.exchanges;
  }

  SpikeList local() const override { return SpikeList(outbox_.local()); }

  SpikeList finish() override {
    const auto begin = Clock::now();
    wait(receives_);
    collect();
    wait(rests_);
    wait(sends_);
    rests_.clear();
    sends_.clear();
    statistics_.spikes_received += received_.size();
    statistics_.wait_seconds += seconds_since(begin);
    return SpikeList(std::span<const Spike>(received_));
  }

  ExchangeStatistics statistics() const override { return statistics_; }
  std::string_view name() const override { return "neighbours"; }
  ExchangeBytes bytes() const override {
    std::uint64_t spikes = received_.capacity();
    for (const auto& peer : peers_) spikes += peer.inbox.capacity();
    ExchangeBytes bytes = outbox_.bytes();
    bytes.buffers += spikes * sizeof(Spike) + peers_.capacity() * sizeof(Peer);
    return bytes;
  }

 private:
  struct Peer {
    ChunkSize send_chunk{smallest_chunk_exponent}, receive_chunk{smallest_chunk_exponent};
    std::vector<Spike> inbox;
  };

  void send(std::size_t p, std::span<const Spike> part, int tag) {
    check_mpi(MPI_Isend(part.data(), static_cast<int>(part.size()), type_.handle(), outbox_.peers()[p], tag,
                        comm_.handle(), &sends_.emplace_back(MPI_REQUEST_NULL)),
              "MPI_Isend");
    statistics_.bytes_sent += part.size_bytes();
  }

  void receive(std::size_t p, std::span<Spike> into, int tag, MPI_Request& request) {
    check_mpi(MPI_Irecv(into.data(), static_cast<int>(into.size()), type_.handle(), outbox_.peers()[p], tag,
                        comm_.handle(), &request),
              "MPI_Irecv");
  }

  void post_receive(std::size_t p) {
    auto& peer = peers_[p];
    peer.inbox.resize(peer.receive_chunk.spikes() + 1);
    receive(p, peer.inbox, first_tag, receives_[p]);
  }

  static void wait(std::vector<MPI_Request>& requests) {
    check_mpi(MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
  }

  /// Moves what arrived to its place, asks for the rest where there is one, and posts the next interval's receives.
  void collect() {
    std::size_t total = 0;
    for (const auto& peer : peers_) total += MessageHeader::unpack(peer.inbox.front()).count;
    received_.resize(total);
    auto place = received_.begin();
    for (std::size_t p = 0; p < peers_.size(); ++p) {
      auto& peer = peers_[p];
      const std::size_t count = MessageHeader::unpack(peer.inbox.front()).count;
      const std::size_t first = std::min(count, peer.receive_chunk.spikes());
      std::copy_n(peer.inbox.begin() + 1, first, place);
      if (count > first) {
        const auto at = static_cast<std::size_t>(place - received_.begin());
        receive(p, std::span(received_).subspan(at + first, count - first), rest_tag,
                rests_.emplace_back(MPI_REQUEST_NULL));
      }
      place += static_cast<std::ptrdiff_t>(count);
      peer.receive_chunk.observe(ChunkSize::exponent_for(count));
      post_receive(p);
    }
  }

  Communicator comm_;
  Outbox outbox_;
  MpiType type_;
  std::vector<Peer> peers_;
  std::vector<MPI_Request> receives_, rests_, sends_;
  std::vector<Spike> received_;
  ExchangeStatistics statistics_;
};

}  // namespace

std::unique_ptr<SpikeExchange> make_neighbour_exchange(const Communicator& comm, Routing routing) {
  return std::make_unique<NeighbourExchange>(comm, std::move(routing));
}

}  // namespace ranvier
