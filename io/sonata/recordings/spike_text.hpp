#pragma once
#include <cstdint>
#include <string>

namespace ranvier {

/// Writes the spikes of a SONATA file, also of others and in the older layout, as text: a line "time_ms population node_id"
/// for each, separated by single spaces, in the order of the file, population by population. Spaces in a name become
/// underscores; the only population of the older layout, which has no name, is "-". Times are the shortest decimals that
/// read back as the same number.
///
/// Reads in pieces, in a child process, as the file may be damaged. Returns the number of spikes. Throws RuntimeError
/// where the file has none, is damaged, or cannot be written; then nothing is left.
std::uint64_t write_spike_text(const std::string& spikes, const std::string& text);

}  // namespace ranvier
