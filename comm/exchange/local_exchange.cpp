#include "comm/exchange/exchanges.hpp"
#include "comm/exchange/outbox.hpp"

namespace ranvier {
namespace {

/// One rank: every spike stays.
class LocalExchange final : public SpikeExchange {
 public:
  explicit LocalExchange(Routing routing) : outbox_(std::move(routing)) {}

  void start(const SpikeList& emitted) override {
    outbox_.pack(emitted.on_host());
    ++statistics_.exchanges;
  }
  SpikeList local() const override { return SpikeList(outbox_.local()); }
  SpikeList finish() override { return {}; }
  ExchangeStatistics statistics() const override { return statistics_; }
  ExchangeBytes bytes() const override { return outbox_.bytes(); }
  std::string_view name() const override { return "local"; }

 private:
  Outbox outbox_;
  ExchangeStatistics statistics_;
};

}  // namespace

std::unique_ptr<SpikeExchange> make_local_exchange(Routing routing) {
  return std::make_unique<LocalExchange>(std::move(routing));
}

}  // namespace ranvier
