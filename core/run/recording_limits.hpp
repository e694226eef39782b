#pragma once
#include <cstdint>

namespace ranvier {

/// The most of what was recorded that a rank keeps before all ranks write: spikes by their number, to which come those until
/// the ranks next ask each other (RunControl), and traces by their bytes.
inline constexpr std::uint64_t most_buffered_spikes = std::uint64_t{1} << 17;
inline constexpr std::uint64_t most_buffered_traces = std::uint64_t{8} << 20;

}  // namespace ranvier
