#include "comm/exchange/cuda_handles.hpp"
#include "comm/exchange/exchanges.hpp"

namespace ranvier {
namespace {

/// One rank with a device: every spike stays where it is made. Delivery finds the slots of sources by itself.
class LocalDeviceExchange final : public SpikeExchange {
 public:
  explicit LocalDeviceExchange(const Routing& routing) { self_slot_.assign(routing.self_slot); }

  MemorySpace space() const override { return MemorySpace::device; }
  void start(const SpikeList& emitted) override {
    local_ = emitted;
    local_.slot_of = self_slot_.data();
    ++statistics_.exchanges;
  }
  SpikeList local() const override { return local_; }
  SpikeList finish() override {
    SpikeList nothing;
    nothing.space = MemorySpace::device;
    return nothing;
  }
  ExchangeStatistics statistics() const override { return statistics_; }
  ExchangeBytes bytes() const override { return {self_slot_.bytes(), 0}; }
  std::string_view name() const override { return "local"; }

 private:
  CudaArray<std::uint32_t> self_slot_;
  SpikeList local_;
  ExchangeStatistics statistics_;
};

}  // namespace

std::unique_ptr<SpikeExchange> make_local_device_exchange(const Routing& routing) {
  return std::make_unique<LocalDeviceExchange>(routing);
}

}  // namespace ranvier
