#include "core/connectivity/choose.hpp"

#include <algorithm>
#include <bit>

namespace ranvier::connectivity {
namespace {

constexpr std::uint32_t lanes = 16;
constexpr std::uint32_t empty = 0xffffffffu;

/// `Bound(j)` numbers for draw j; whole chunks at a time, so that the loop vectorises.
template <class Bound>
void draw(Key key, std::uint64_t neuron, std::span<std::uint32_t> out, Bound bound) {
  const auto size = static_cast<std::uint32_t>(out.size());
  std::uint32_t even[lanes], odd[lanes];
  for (std::uint32_t begin = 0; begin < size; begin += 2 * lanes) {
#pragma omp simd
    for (std::uint32_t i = 0; i < lanes; ++i) {
      const std::uint32_t j = begin + 2 * i;
      const Words w = philox(key, neuron, j / 2);
      even[i] = bounded(w.w[0], w.w[1], bound(j));
      odd[i] = bounded(w.w[2], w.w[3], bound(j + 1));
    }
    const std::uint32_t pairs = std::min(lanes, (size - begin) / 2);
    for (std::uint32_t i = 0; i < pairs; ++i) {
      out[begin + 2 * i] = even[i];
      out[begin + 2 * i + 1] = odd[i];
    }
    if (pairs < lanes && (size & 1u)) out[size - 1] = even[pairs];
  }
}

/// Membership as one bit per number; only the bits that were set are cleared.
struct BitSet {
  std::vector<std::uint64_t>& bits;
  bool insert(std::uint32_t x) {
    const std::uint64_t bit = std::uint64_t(1) << (x & 63u);
    const bool fresh = !(bits[x >> 6] & bit);
    bits[x >> 6] |= bit;
    return fresh;
  }
  void clear(std::span<const std::uint32_t> members) {
    for (std::uint32_t x : members) bits[x >> 6] = 0;
  }
};

/// Membership by open addressing with linear probing, at most half full.
struct HashSet {
  std::vector<std::uint32_t>& slots;
  bool insert(std::uint32_t x) {
    const auto mask = static_cast<std::uint32_t>(slots.size() - 1);
    for (std::uint32_t i = (x * 0x9E3779B1u) >> std::countl_zero(mask);; ++i) {
      std::uint32_t& slot = slots[i & mask];
      if (slot == x) return false;
      if (slot == empty) {
        slot = x;
        return true;
      }
    }
  }
  void clear(std::span<const std::uint32_t>) {}  // the caller starts with empty slots each time
};

/// Bentley and Floyd (1987) A sample of brilliance, CACM 30: of the draws t_j from 0 ... n - k + j, each is taken
/// unless it is there already, in which case the bound itself is.
template <class Set>
void keep_distinct(Set set, std::uint32_t n, std::span<std::uint32_t> out) {
  const auto k = static_cast<std::uint32_t>(out.size());
  for (std::uint32_t j = 0; j < k; ++j)
    if (!set.insert(out[j])) {
      out[j] = n - k + j;
      set.insert(out[j]);
    }
  set.clear(out);
}

}  // namespace

Chooser::Chooser(Key key, std::uint32_t n, bool repetition) : key_(key), n_(n), repetition_(repetition) {}

void Chooser::operator()(std::uint64_t neuron, std::span<std::uint32_t> out) {
  if (repetition_)
    with_repetition(neuron, out);
  else
    without_repetition(neuron, out);
}

void Chooser::operator()(std::uint64_t neuron, std::span<std::uint32_t> out, std::uint32_t excluded) {
  (*this)(neuron, out);
  for (auto& x : out) x += x >= excluded ? 1u : 0u;
}

void Chooser::with_repetition(std::uint64_t neuron, std::span<std::uint32_t> out) const {
  draw(key_, neuron, out, [n = n_](std::uint32_t) { return n; });
}

void Chooser::without_repetition(std::uint64_t neuron, std::span<std::uint32_t> out) {
  const auto k = static_cast<std::uint32_t>(out.size());
  draw(key_, neuron, out, [first = n_ - k](std::uint32_t j) { return first + j + 1; });
  const std::size_t hash_size = std::bit_ceil(std::size_t(2) * std::max(k, 32u));
  if (n_ / 8 <= std::max<std::size_t>(hash_size * sizeof(std::uint32_t), 64 * 1024)) {
    bits_.resize(n_ / 64 + 1);
    keep_distinct(BitSet{bits_}, n_, out);
  } else {
    slots_.assign(hash_size, empty);
    keep_distinct(HashSet{slots_}, n_, out);
  }
}

}  // namespace ranvier::connectivity
