#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace ranvier::hdf5 {

/// The checksum that the Fletcher32 filter of HDF5 puts behind each chunk, over an even number of bytes: the sums, modulo
/// 65535, of its 16-bit words (big-endian) and of their running sums. Equal to H5_checksum_fletcher32, and several times
/// faster, since sums over blocks of words are vectorised.
std::uint32_t fletcher32(std::span<const std::byte> data);

}  // namespace ranvier::hdf5
