#include "comm/exchange/exchanges.hpp"
#include "comm/exchange/outbox.hpp"

namespace ranvier {
namespace {

/// One rank: every spike stays.
class LocalExchange final : public SpikeExchange {
 public:
  explicit LocalExchange(Routing routing) : outbox_(std::move(routing)) {}

  void start(std::span<const Spike> emitted) override {
    outbox_.pack(emitted);
    ++statistics_.exchanges;
  }
  std::span<const Spike> local() const override { return outbox_.local(); }
  std::span<const Spike> finish() override { return {}; }
  ExchangeStatistics statistics() const override { return statistics_; }
  std::uint64_t bytes() const override { return outbox_.bytes(); }
  std::string_view name() const override { return "local"; }

 private:
  Outbox outbox_;
  ExchangeStatistics statistics_;
};

/// One rank of many pretended ones: messages are packed in full and come back as those of the peers.
class DryRunExchange final : public SpikeExchange {
 public:
  explicit DryRunExchange(Routing routing) : outbox_(std::move(routing)) {}

  void start(std::span<const Spike> emitted) override {
    outbox_.pack(emitted);
    received_.clear();
    for (std::size_t peer = 0; peer < outbox_.peers().size(); ++peer) {
      const auto spikes = outbox_.spikes(peer);
      received_.insert(received_.end(), spikes.begin(), spikes.end());
      statistics_.bytes_sent += (spikes.size() + 1) * sizeof(Spike);
    }
    ++statistics_.exchanges;
    statistics_.spikes_sent += received_.size();
    statistics_.spikes_received += received_.size();
  }
  std::span<const Spike> local() const override { return outbox_.local(); }
  std::span<const Spike> finish() override { return received_; }
  ExchangeStatistics statistics() const override { return statistics_; }
  std::uint64_t bytes() const override { return outbox_.bytes() + received_.capacity() * sizeof(Spike); }
  std::string_view name() const override { return "dry run"; }

 private:
  Outbox outbox_;
  std::vector<Spike> received_;
  ExchangeStatistics statistics_;
};

}  // namespace

std::unique_ptr<SpikeExchange> make_local_exchange(Routing routing) {
  return std::make_unique<LocalExchange>(std::move(routing));
}

std::unique_ptr<SpikeExchange> make_dry_run_exchange(Routing routing) {
  return std::make_unique<DryRunExchange>(std::move(routing));
}

}  // namespace ranvier
