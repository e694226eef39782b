#pragma once
#include <cstdint>
#include <string_view>

#include "kernels/math/bits.hpp"
#include "kernels/space/inline.hpp"

/// Keyed random numbers: every draw is a pure function of (seed, purpose, name, index, counter), so that results depend
/// neither on the number of ranks, threads or lanes nor on the order of anything. Philox4x32-10: Salmon, Moraes, Dror,
/// Shaw (2011) Parallel random numbers: as easy as 1, 2, 3, SC11.
namespace ranvier {

/// What a draw is for. The numbers are part of every key: never change or reuse one.
enum class Purpose : std::uint32_t {
  connectivity = 1,
  weight = 2,
  delay = 3,
  parameter = 4,
  initial_state = 5,
  poisson_input = 6,
  poisson_source = 7,
  noise_current = 8,
  spike_input = 9,
  plasticity = 10,
};

struct Key {
  std::uint32_t k0 = 0, k1 = 0;
  friend constexpr bool operator==(const Key&, const Key&) = default;
};

/// The key of a stream of draws. `name` tells draws of one purpose apart: a projection's or input's key, or
/// "population.parameter"; never a rank, a position in a list or an address. The same on every machine.
Key make_key(std::uint64_t seed, Purpose purpose, std::string_view name);

struct Words {
  std::uint32_t w[4];
};

/// Four random words. `index` is whose draw it is (a neuron within its population), `counter` which of its draws
/// (a step / 4, an attempt). The 32-bit halves are held in 64-bit lanes so that compilers find the one widening
/// multiplication that vector units have.
RANVIER_INLINE Words philox(Key key, std::uint64_t index, std::uint64_t counter) {
  constexpr std::uint64_t low = 0xffffffffu;
  std::uint64_t c0 = counter & low, c1 = counter >> 32, c2 = index & low, c3 = index >> 32;
  std::uint32_t k0 = key.k0, k1 = key.k1;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t(0xD2511F53u) * (c0 & low);
    const std::uint64_t p1 = std::uint64_t(0xCD9E8D57u) * (c2 & low);
    c0 = (p1 >> 32) ^ c1 ^ k0;
    c2 = (p0 >> 32) ^ c3 ^ k1;
    c1 = p1 & low;
    c3 = p0 & low;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{static_cast<std::uint32_t>(c0), static_cast<std::uint32_t>(c1), static_cast<std::uint32_t>(c2),
           static_cast<std::uint32_t>(c3)}};
}

/// Uniform on (0, 1), both ends excluded: the odd multiples of 2^-53. Uses the upper 52 of 64 random bits.
RANVIER_INLINE double uniform53(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = (std::uint64_t(high) << 20) | (low >> 12);
  return math::detail::from_bits(bits | 0x3ff0000000000000u) - (1.0 - 0x1p-53);
}

/// Uniform on (0, 1), both ends excluded: the odd multiples of 2^-24. Uses the upper 23 bits.
RANVIER_INLINE float uniform24(std::uint32_t word) {
  return math::detail::from_bits((word >> 9) | 0x3f800000u) - (1.0f - 0x1p-24f);
}

/// Uniform in the precision of Real, of the two (the first) words.
template <class Real>
RANVIER_INLINE Real uniform(std::uint32_t high, std::uint32_t low) {
  if constexpr (sizeof(Real) == 8)
    return uniform53(high, low);
  else
    return uniform24(high);
}

/// Uniform on 0 ... n - 1 from 64 random bits; the bias is below n / 2^64.
RANVIER_INLINE std::uint32_t bounded(std::uint32_t high, std::uint32_t low, std::uint32_t n) {
  const std::uint64_t carry = (std::uint64_t(low) * n) >> 32;
  return static_cast<std::uint32_t>((std::uint64_t(high) * n + carry) >> 32);
}

/// Draws one after the other, for algorithms that need an unknown number of them. Counts from `first_counter`.
class Stream {
 public:
  RANVIER_INLINE Stream(Key key, std::uint64_t index, std::uint64_t first_counter = 0)
      : key_(key), index_(index), counter_(first_counter) {}

  RANVIER_INLINE std::uint32_t next_word() {
    if (used_ == 4) {
      words_ = philox(key_, index_, counter_++);
      used_ = 0;
    }
    return words_.w[used_++];
  }
  RANVIER_INLINE double uniform() {
    const std::uint32_t high = next_word(), low = next_word();
    return uniform53(high, low);
  }
  RANVIER_INLINE std::uint32_t bounded(std::uint32_t n) {
    const std::uint32_t high = next_word(), low = next_word();
    return ranvier::bounded(high, low, n);
  }

 private:
  Key key_;
  std::uint64_t index_, counter_;
  Words words_{};
  int used_ = 4;
};

}  // namespace ranvier
