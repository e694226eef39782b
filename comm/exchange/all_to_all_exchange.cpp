#include <chrono>

#include "comm/exchange/chunk_size.hpp"
#include "comm/exchange/exchanges.hpp"
#include "comm/exchange/outbox.hpp"
#include "core/base/clock.hpp"

namespace ranvier {
namespace {

/// Of the chunk for one of many ranks.
constexpr unsigned smallest_chunk_of_all = 4;

/// One MPI_Ialltoall of a fixed chunk per pair of ranks. Every header also carries the exponent of the largest count of
/// its sender; as every rank hears every other, all see the same maximum and adapt the chunk alike. Counts past the
/// chunk tell both sides of a second message.
class AllToAllExchange final : public SpikeExchange {
 public:
  AllToAllExchange(const Communicator& comm, Routing routing)
      : comm_(comm.duplicate()), outbox_(std::move(routing)), type_(sizeof(Spike)) {
    resize();
  }

  /// Leaves behind what MPI may still read and write where an interval was not finished, as in a failure: to wait for
  /// ranks that may be gone would be for ever.
  ~AllToAllExchange() override {
    if (request_ == MPI_REQUEST_NULL && rests_.empty()) return;
    leave_behind(std::move(send_));
    leave_behind(std::move(receive_));
    leave_behind(std::move(received_));
    leave_behind(std::move(outbox_));
  }

  void start(const SpikeList& emitted) override {
    outbox_.pack(emitted.on_host());
    fill();
    const int block = static_cast<int>(chunk_.spikes() + 1);
    check_mpi(MPI_Ialltoall(send_.data(), block, type_.handle(), receive_.data(), block, type_.handle(), comm_.handle(),
                            &request_),
              "MPI_Ialltoall");
    for (std::size_t p = 0; p < outbox_.peers().size(); ++p) {
      const auto spikes = outbox_.spikes(p);
      statistics_.spikes_sent += spikes.size();
      if (spikes.size() <= chunk_.spikes()) continue;
      const auto rest = spikes.subspan(chunk_.spikes());
      check_mpi(MPI_Isend(rest.data(), static_cast<int>(rest.size()), type_.handle(), outbox_.peers()[p], 0,
                          comm_.handle(), &rests_.emplace_back(MPI_REQUEST_NULL)),
                "MPI_Isend");
      statistics_.bytes_sent += rest.size_bytes();
      ++statistics_.second_rounds;
    }
    statistics_.bytes_sent += static_cast<std::uint64_t>(comm_.size() - 1) * (chunk_.spikes() + 1) * sizeof(Spike);
    ++statistics_.exchanges;
  }

  SpikeList local() const override { return SpikeList(outbox_.local()); }

  SpikeList finish() override {
    const auto begin = Clock::now();
    check_mpi(MPI_Wait(&request_, MPI_STATUS_IGNORE), "MPI_Wait");
    const unsigned most = collect();
    check_mpi(MPI_Waitall(static_cast<int>(rests_.size()), rests_.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
    rests_.clear();
    if (chunk_.observe(most)) resize();
    statistics_.spikes_received += received_.size();
    statistics_.wait_seconds += seconds_since(begin);
    return SpikeList(std::span<const Spike>(received_));
  }

  ExchangeStatistics statistics() const override { return statistics_; }
  std::string_view name() const override { return "all-to-all"; }
  ExchangeBytes bytes() const override {
    ExchangeBytes bytes = outbox_.bytes();
    bytes.buffers += (send_.capacity() + receive_.capacity() + received_.capacity()) * sizeof(Spike);
    return bytes;
  }

 private:
  void resize() {
    const std::size_t spikes = static_cast<std::size_t>(comm_.size()) * (chunk_.spikes() + 1);
    send_.assign(spikes, Spike{});
    receive_.assign(spikes, Spike{});
  }

  std::span<Spike> block(std::vector<Spike>& buffer, int rank) const {
    const std::size_t size = chunk_.spikes() + 1;
    return std::span(buffer).subspan(static_cast<std::size_t>(rank) * size, size);
  }

  /// Copies every message, as far as it fits, to the block of its receiver.
  void fill() {
    std::size_t most = 0;
    for (std::size_t p = 0; p < outbox_.peers().size(); ++p) most = std::max(most, outbox_.count(p));
    const auto exponent = static_cast<std::uint16_t>(ChunkSize::exponent_for(most));
    for (int r = 0; r < comm_.size(); ++r)
      block(send_, r).front() = MessageHeader{.count = 0, .extra = exponent}.pack();
    for (std::size_t p = 0; p < outbox_.peers().size(); ++p) {
      const auto spikes = outbox_.spikes(p);
      const auto to = block(send_, outbox_.peers()[p]);
      to.front() = MessageHeader{.count = static_cast<std::uint32_t>(spikes.size()), .extra = exponent}.pack();
      std::copy_n(spikes.begin(), std::min(spikes.size(), chunk_.spikes()), to.begin() + 1);
    }
  }

  /// Gathers what arrived and asks for the rest; returns the largest exponent that any rank has told.
  unsigned collect() {
    std::size_t total = 0;
    unsigned most = 0;
    for (int r = 0; r < comm_.size(); ++r) {
      const auto header = MessageHeader::unpack(block(receive_, r).front());
      total += header.count;
      most = std::max<unsigned>(most, header.extra);
    }
    received_.resize(total);
    std::size_t at = 0;
    for (int r = 0; r < comm_.size(); ++r) {
      const auto from = block(receive_, r);
      const std::size_t count = MessageHeader::unpack(from.front()).count;
      const std::size_t first = std::min(count, chunk_.spikes());
      std::copy_n(from.begin() + 1, first, received_.begin() + static_cast<std::ptrdiff_t>(at));
      if (count > first)
        check_mpi(MPI_Irecv(received_.data() + at + first, static_cast<int>(count - first), type_.handle(), r, 0,
                            comm_.handle(), &rests_.emplace_back(MPI_REQUEST_NULL)),
                  "MPI_Irecv");
      at += count;
    }
    return most;
  }

  Communicator comm_;
  Outbox outbox_;
  MpiType type_;
  ChunkSize chunk_{smallest_chunk_of_all};
  std::vector<Spike> send_, receive_, received_;
  MPI_Request request_ = MPI_REQUEST_NULL;
  std::vector<MPI_Request> rests_;
  ExchangeStatistics statistics_;
};

}  // namespace

std::unique_ptr<SpikeExchange> make_all_to_all_exchange(const Communicator& comm, Routing routing) {
  return std::make_unique<AllToAllExchange>(comm, std::move(routing));
}

}  // namespace ranvier
