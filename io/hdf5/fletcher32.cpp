#include "io/hdf5/fletcher32.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/base/expect.hpp"

namespace ranvier::hdf5 {
namespace {

/// Words of which the second sum fits 32 bits: 65535 * 256 * 257 / 2 is below 2^32.
constexpr std::size_t block_words = 256;
constexpr std::uint64_t modulus = 65535;

/// The library's form of a sum: 0 stands for no word but zeros, 65535 for every other multiple of 65535.
std::uint32_t folded(std::uint64_t sum) { return sum == 0 ? 0 : static_cast<std::uint32_t>((sum - 1) % modulus + 1); }

/// Words are read as they lie in memory. Exchanging the bytes of a word multiplies it by 256 modulo 65535, and so the sums.
std::uint32_t in_file_order(std::uint64_t sum) {
  if constexpr (std::endian::native == std::endian::little) return folded(folded(sum) * std::uint64_t{256});
  return folded(sum);
}

}  // namespace

std::uint32_t fletcher32(std::span<const std::byte> data) {
  RANVIER_EXPECT(data.size() % 2 == 0);
  std::uint64_t first = 0, second = 0;
  std::size_t left = data.size() / 2;
  const std::byte* at = data.data();
  while (left > 0) {
    const std::size_t n = std::min(left, block_words);
    std::uint16_t words[block_words];
    std::memcpy(words, at, 2 * n);
    std::uint32_t sum = 0, weighted = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      sum += words[i];
      weighted += (static_cast<std::uint32_t>(n) - i) * words[i];
    }
    second = folded(second + n * first + weighted);
    first = folded(first + sum);
    at += 2 * n;
    left -= n;
  }
  return in_file_order(second) << 16 | in_file_order(first);
}

}  // namespace ranvier::hdf5
