#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ranvier {
namespace detail {

/// Sorts by the bits from `lowest` on that `differing` spans, `bits` of them at a time. All passes are counted in one.
template <int bits>
void radix_sort_by(std::vector<std::uint64_t>& keys, int lowest, std::uint64_t differing) {
  constexpr std::size_t digits = std::size_t{1} << bits;
  constexpr int most = (64 + bits - 1) / bits;
  const int first = std::max(lowest, std::countr_zero(differing)), end = 64 - std::countl_zero(differing);
  const int passes = (end - first + bits - 1) / bits;
  const auto digit = [&](std::uint64_t key, int p) { return (key >> (first + p * bits)) & (digits - 1); };
  std::array<std::array<std::size_t, digits>, most> counts;
  for (int p = 0; p < passes; ++p) counts[static_cast<std::size_t>(p)].fill(0);
  for (const auto key : keys)
    for (int p = 0; p < passes; ++p) ++counts[static_cast<std::size_t>(p)][digit(key, p)];
  std::vector<std::uint64_t> other(keys.size());
  for (int p = 0; p < passes; ++p) {
    auto& count = counts[static_cast<std::size_t>(p)];
    std::size_t begin = 0;
    for (auto& c : count) begin += std::exchange(c, begin);
    for (const auto key : keys) other[count[digit(key, p)]++] = key;
    keys.swap(other);
  }
}

}  // namespace detail

/// Sorts whole numbers by their digits, lowest first (LSD radix sort). Linear, and several times faster than a comparison
/// sort; needs room for a second copy. Bits below `lowest` are carried along: keys that differ in them only keep their
/// order. Digits have 9 bits while the keys fit a cache, as more places to write to do not fit the first level, and 11 where
/// each pass goes to memory.
inline void radix_sort(std::vector<std::uint64_t>& keys, int lowest = 0) {
  constexpr std::size_t in_cache = std::size_t{1} << 20;
  if (keys.size() < 2) return;
  std::uint64_t differing = 0;
  bool sorted = true;
  for (std::size_t i = 1; i < keys.size(); ++i) {
    differing |= keys[i] ^ keys[0];
    sorted = sorted && keys[i - 1] >> lowest <= keys[i] >> lowest;
  }
  if (sorted) return;
  if (keys.size() < in_cache)
    detail::radix_sort_by<9>(keys, lowest, differing);
  else
    detail::radix_sort_by<11>(keys, lowest, differing);
}

}  // namespace ranvier
