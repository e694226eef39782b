#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/expect.hpp"

namespace ranvier {

/// Finds the range that an index lies in, among ranges that follow each other from 0 on, such as populations that share a
/// rank's neurons. A table over equal pieces of the indices answers for every piece that lies in one range; in the few
/// others a bisection does.
class Ranges {
 public:
  Ranges() = default;
  /// `ends[r]`: one past the last index of range r; ascending, equal to the one before for an empty range.
  explicit Ranges(std::vector<std::uint32_t> ends) : ends_(std::move(ends)) {
    const std::uint32_t size = ends_.empty() ? 0 : ends_.back();
    while ((size >> shift_) >= pieces) ++shift_;
    for (std::uint64_t piece = 0; size > 0 && piece <= (size - 1) >> shift_; ++piece) {
      const std::uint64_t last = std::min<std::uint64_t>(((piece + 1) << shift_) - 1, size - 1);
      const std::uint32_t first_range = bisect(static_cast<std::uint32_t>(piece << shift_));
      const bool in_one = bisect(static_cast<std::uint32_t>(last)) == first_range;
      table_.push_back(in_one ? first_range : several);
    }
  }

  /// The range of an index below the end of the last.
  std::size_t operator()(std::uint32_t index) const {
    RANVIER_EXPECT(!ends_.empty() && index < ends_.back());
    const std::uint32_t range = table_[index >> shift_];
    return range != several ? range : bisect(index);
  }

 private:
  static constexpr std::uint32_t pieces = 1024, several = 0xffffffff;

  std::uint32_t bisect(std::uint32_t index) const {
    return static_cast<std::uint32_t>(std::upper_bound(ends_.begin(), ends_.end(), index) - ends_.begin());
  }

  std::vector<std::uint32_t> ends_;
  int shift_ = 0;
  std::vector<std::uint32_t> table_;  ///< by piece of 2^shift_ indices
};

}  // namespace ranvier
