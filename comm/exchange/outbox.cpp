#include "comm/exchange/outbox.hpp"

namespace ranvier {

void Outbox::pack(std::span<const Spike> emitted) {
  local_.clear();
  for (auto& m : messages_) m.assign(1, Spike{});
  for (const Spike& spike : emitted) {
    const auto slot = routing_.self_slot[spike.source];
    if (slot != no_slot) local_.push_back({slot, spike.offset, spike.multiplicity});
    for (const auto& [peer, peer_slot] : routing_.of(spike.source))
      messages_[peer].push_back({peer_slot, spike.offset, spike.multiplicity});
  }
  for (auto& m : messages_) m.front() = MessageHeader{.count = static_cast<std::uint32_t>(m.size() - 1)}.pack();
}

ExchangeBytes Outbox::bytes() const {
  std::uint64_t spikes = local_.capacity();
  for (const auto& m : messages_) spikes += m.capacity();
  return {routing_.bytes(), spikes * sizeof(Spike)};
}

}  // namespace ranvier
