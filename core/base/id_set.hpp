#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/base/expect.hpp"

namespace ranvier {

/// Some of the numbers from 0 to `universe` - 1, themselves numbered in ascending order: a bit for each number of the
/// universe, and the running count of each 64 of them.
class IdSet {
 public:
  explicit IdSet(std::uint64_t universe) : words_((universe + 63) / 64, 0) {}
  /// Bit i % 64 of word i / 64 marks i; numbered.
  explicit IdSet(std::vector<std::uint64_t> words) : words_(std::move(words)) { number(); }

  void mark(std::uint32_t id) {
    RANVIER_EXPECT(id / 64 < words_.size());
    words_[id / 64] |= std::uint64_t{1} << (id % 64);
  }
  void mark(std::span<const std::uint32_t> ids) {
    for (const std::uint32_t id : ids) mark(id);
  }

  /// After the last mark, before anything below.
  void number() {
    counts_.resize(words_.size() + 1);
    counts_[0] = 0;
    std::uint64_t count = 0;
    for (std::size_t w = 0; w < words_.size(); ++w) {
      count += static_cast<std::uint64_t>(std::popcount(words_[w]));
      counts_[w + 1] = narrow<std::uint32_t>(count);
    }
  }

  std::uint32_t size() const {
    RANVIER_EXPECT(!counts_.empty());
    return counts_.back();
  }
  bool contains(std::uint32_t id) const {
    RANVIER_EXPECT(id / 64 < words_.size());
    return (words_[id / 64] >> (id % 64) & 1) != 0;
  }
  /// The number of a member.
  std::uint32_t index(std::uint32_t id) const {
    RANVIER_EXPECT(!counts_.empty() && contains(id));
    const std::uint64_t below = words_[id / 64] & ((std::uint64_t{1} << (id % 64)) - 1);
    return counts_[id / 64] + static_cast<std::uint32_t>(std::popcount(below));
  }
  /// The member with a number below size().
  std::uint32_t at(std::uint32_t index) const {
    RANVIER_EXPECT(index < size());
    const auto above = std::upper_bound(counts_.begin(), counts_.end(), index);
    const auto word = static_cast<std::size_t>(above - counts_.begin()) - 1;
    std::uint64_t bits = words_[word];
    for (std::uint32_t skip = index - counts_[word]; skip > 0; --skip) bits &= bits - 1;
    return narrow<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
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
