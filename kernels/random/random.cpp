#include "kernels/random/random.hpp"

#include <xxhash.h>

namespace ranvier {

Key make_key(std::uint64_t seed, Purpose purpose, std::string_view name) {
  // Written out byte by byte: the key must not depend on the machine's byte order.
  unsigned char head[12];
  for (int i = 0; i < 8; ++i) head[i] = static_cast<unsigned char>(seed >> (8 * i));
  for (int i = 0; i < 4; ++i) head[8 + i] = static_cast<unsigned char>(static_cast<std::uint32_t>(purpose) >> (8 * i));
  const std::uint64_t hash = XXH64(name.data(), name.size(), XXH64(head, sizeof head, 0));
  return {static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(hash >> 32)};
}

}  // namespace ranvier
