#pragma once
#include <span>
#include <vector>

#include "comm/exchange/routing.hpp"
#include "comm/exchange/spike_exchange.hpp"
#include "core/base/spike.hpp"

namespace ranvier {

/// The first element of every message: how many spikes there are, and a second number of the exchange's own.
struct MessageHeader {
  std::uint32_t count = 0;
  std::uint16_t extra = 0;

  Spike pack() const { return {.source = count, .offset = extra, .multiplicity = 1}; }
  static MessageHeader unpack(const Spike& s) { return {.count = s.source, .extra = s.offset}; }
};

/// Sorts emitted spikes by receiver. The message to a peer is a header and then the spikes, ready to be sent.
class Outbox {
 public:
  explicit Outbox(Routing routing) : routing_(std::move(routing)), messages_(routing_.peers.size()) {
    for (auto& m : messages_) m.reserve(initial_spikes + 1);
  }

  void pack(std::span<const Spike> emitted);

  std::span<const Spike> local() const { return local_; }
  const std::vector<int>& peers() const { return routing_.peers; }
  /// Spikes for a peer, without the header.
  std::size_t count(std::size_t peer) const { return messages_[peer].size() - 1; }
  /// Header and spikes; the caller may set the header's `extra`.
  std::span<Spike> message(std::size_t peer) { return messages_[peer]; }
  std::span<const Spike> spikes(std::size_t peer) const { return std::span(messages_[peer]).subspan(1); }
  ExchangeBytes bytes() const;

 private:
  static constexpr std::size_t initial_spikes = 64;

  Routing routing_;
  std::vector<Spike> local_;
  std::vector<std::vector<Spike>> messages_;
};

}  // namespace ranvier
