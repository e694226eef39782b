#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace ranvier {

/// How many spikes the first message of an interval holds: a power of two that follows the traffic. Two ranks that
/// observe the same numbers agree on it without a word: it grows at once to what was seen, and falls after a while to
/// the most seen in that while.
class ChunkSize {
 public:
  explicit ChunkSize(unsigned smallest_exponent) : smallest_(smallest_exponent), exponent_(smallest_exponent) {}

  std::size_t spikes() const { return std::size_t{1} << exponent_; }

  /// The exponent of the smallest chunk that holds `count` spikes.
  static unsigned exponent_for(std::size_t count) {
    return count <= 1 ? 0U : static_cast<unsigned>(std::bit_width(count - 1));
  }

  /// Once per interval: what the interval asked for. Returns whether the size changed.
  bool observe(unsigned exponent) {
    const unsigned before = exponent_;
    most_ = std::max({most_, exponent, smallest_});
    exponent_ = std::max(exponent_, most_);
    if (++seen_ == window) {
      exponent_ = most_;
      most_ = smallest_;
      seen_ = 0;
    }
    return exponent_ != before;
  }

 private:
  static constexpr int window = 256;
  unsigned smallest_, exponent_, most_ = 0;
  int seen_ = 0;
};

}  // namespace ranvier
