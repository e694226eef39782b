#pragma once
#include <cstdint>

namespace ranvier {

/// What one rank's exchange has done so far.
struct ExchangeStatistics {
  std::uint64_t exchanges = 0;        ///< intervals exchanged
  std::uint64_t spikes_sent = 0;      ///< to other ranks; a spike that goes to three ranks counts three times
  std::uint64_t spikes_received = 0;  ///< from other ranks
  std::uint64_t bytes_sent = 0;       ///< to other ranks, with headers and the unused part of fixed chunks
  std::uint64_t second_rounds = 0;    ///< messages whose spikes did not fit the first chunk
  double wait_seconds = 0.0;          ///< spent in finish() waiting for others
};

}  // namespace ranvier
