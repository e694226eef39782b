#pragma once
#include <cstdint>
#include <vector>

#include "core/base/expect.hpp"
#include "kernels/space/inline.hpp"

/// Poisson counts by inversion: one random word per count and no floating-point number at run time, so that every
/// processor counts alike. With thresholds t[k] = 2^32 P(count <= k), rounded, the count of a word is the number of
/// thresholds that do not exceed it. Probabilities are multiples of 2^-32: an event rarer than that never happens, and
/// the largest possible count is known when the fixed-point scales are chosen.
namespace ranvier {

/// The table as kernels see it, over memory owned by somebody else (the thresholds of a PoissonThresholds).
struct PoissonTable {
  const std::uint32_t* thresholds = nullptr;  ///< ascending, those equal to 0 left out
  std::uint32_t size = 0;
  std::uint32_t first = 0;  ///< number of thresholds equal to 0: the least count

  /// Up to here comparing with every threshold is faster than searching.
  static constexpr std::uint32_t linear_limit = 48;

  /// For a loop over lanes: no branch depends on the word. The same for both; `operator()` takes the faster.
  RANVIER_INLINE std::uint32_t linear(std::uint32_t word) const {
    std::uint32_t count = first;
    for (std::uint32_t k = 0; k < size; ++k) count += word >= thresholds[k] ? 1u : 0u;
    return count;
  }
  RANVIER_INLINE std::uint32_t search(std::uint32_t word) const {
    std::uint32_t below = 0, left = size;
    while (left > 0) {
      const std::uint32_t half = (left + 1) / 2;
      below += word >= thresholds[below + half - 1] ? half : 0u;
      left -= half;
    }
    return first + below;
  }
  RANVIER_INLINE std::uint32_t operator()(std::uint32_t word) const {
    return size <= linear_limit ? linear(word) : search(word);
  }
  RANVIER_INLINE std::uint32_t max_count() const { return first + size; }
};

/// Builds the thresholds of one mean, on the host.
class PoissonThresholds {
 public:
  /// `mean` from 0 to 1e6 (counts per draw); a RuntimeError beyond. 0 gives a table that always counts 0.
  explicit PoissonThresholds(double mean);

  const std::vector<std::uint32_t>& thresholds() const { return thresholds_; }
  std::uint32_t first() const { return first_; }
  std::uint32_t max_count() const { return first_ + narrow<std::uint32_t>(thresholds_.size()); }
  /// Over this object's own memory; copy `thresholds()` and point elsewhere for a device.
  PoissonTable table() const { return {thresholds_.data(), narrow<std::uint32_t>(thresholds_.size()), first_}; }

 private:
  std::vector<std::uint32_t> thresholds_;
  std::uint32_t first_ = 0;
};

}  // namespace ranvier
