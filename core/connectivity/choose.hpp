#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/random/random.hpp"

namespace ranvier::connectivity {

/// Draws partners for one neuron after the other: k out of n, with or without repetition. Draw j is words of
/// philox(key, neuron, j / 2), so that a neuron's partners depend on nothing but its index. Keeps its memory between
/// calls; O(k) per call, and O(k) or n / 8 bytes of memory, whichever is less.
class Chooser {
 public:
  Chooser(Key key, std::uint32_t n, bool repetition);

  /// Fills `out` with numbers in 0 ... n - 1. Without repetition out.size() <= n; the order is that of the draws.
  void operator()(std::uint64_t neuron, std::span<std::uint32_t> out);

  /// The same, leaving out one number (an autapse): numbers in 0 ... n without `excluded`.
  void operator()(std::uint64_t neuron, std::span<std::uint32_t> out, std::uint32_t excluded);

 private:
  void with_repetition(std::uint64_t neuron, std::span<std::uint32_t> out) const;
  void without_repetition(std::uint64_t neuron, std::span<std::uint32_t> out);

  Key key_;
  std::uint32_t n_;
  bool repetition_;
  std::vector<std::uint64_t> bits_;   ///< one per number: in use where the numbers are few
  std::vector<std::uint32_t> slots_;  ///< open addressing: in use where they are many
};

}  // namespace ranvier::connectivity
