#pragma once
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace ranvier {

/// The sources of one population that have targets on this rank, numbered in ascending order: the rows of the synapse
/// tables. A bit per neuron of the source population while the network is built, and its running counts.
class SourceSlots {
 public:
  explicit SourceSlots(std::uint64_t population_size) : words_((population_size + 63) / 64, 0) {}

  void mark(std::span<const std::uint32_t> sources) {
    for (const std::uint32_t s : sources) words_[s / 64] |= std::uint64_t{1} << (s % 64);
  }

  /// After the last mark, before the first row.
  void number() {
    counts_.resize(words_.size() + 1);
    counts_[0] = 0;
    for (std::size_t w = 0; w < words_.size(); ++w)
      counts_[w + 1] = counts_[w] + static_cast<std::uint32_t>(std::popcount(words_[w]));
  }

  std::uint32_t rows() const { return counts_.back(); }
  std::uint32_t row(std::uint32_t source) const {
    const std::uint64_t below = words_[source / 64] & ((std::uint64_t{1} << (source % 64)) - 1);
    return counts_[source / 64] + static_cast<std::uint32_t>(std::popcount(below));
  }

  template <class F>
  void for_each(F&& f) const {
    for (std::size_t w = 0; w < words_.size(); ++w)
      for (std::uint64_t bits = words_[w]; bits != 0; bits &= bits - 1)
        f(static_cast<std::uint64_t>(w) * 64 + static_cast<std::uint64_t>(std::countr_zero(bits)));
  }

 private:
  std::vector<std::uint64_t> words_;
  std::vector<std::uint32_t> counts_;
};

}  // namespace ranvier
