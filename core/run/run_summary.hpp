#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "comm/exchange/exchange_statistics.hpp"
#include "core/run/phase_timer.hpp"

/// What a run was and what it cost: the table at its end and `summary.json` are made from this and nothing else.
namespace ranvier {

/// Bytes of the big structures of one rank, padding included.
struct MemoryByStructure {
  std::uint64_t synapses = 0;  ///< packed targets, delays, weights, and the row tables that find them
  std::uint64_t rings = 0;     ///< delay rings
  std::uint64_t state = 0;     ///< states and parameters of neurons, receptors and inputs
  std::uint64_t tables = 0;    ///< routing of spikes, and room for those of an interval
  std::uint64_t buffers = 0;   ///< spikes on their way between ranks and into the rings; grows with the activity

  std::uint64_t total() const { return synapses + rings + state + tables + buffers; }
};

/// One rank's share. Trivially copyable: it is gathered as bytes.
struct RankSummary {
  std::uint64_t neurons = 0, synapses = 0, spikes = 0;
  std::uint64_t peak_memory = 0;  ///< bytes, VmHWM of the process
  MemoryByStructure memory;
  PhaseSeconds phases{};  ///< of the simulation, seconds
  ExchangeStatistics exchange;
};

struct PopulationSummary {
  std::string name, model;
  std::uint64_t neurons = 0, spikes = 0;

  /// Mean rate in Hz over `duration_ms`; 0 for an empty population.
  double rate(double duration_ms) const {
    return neurons == 0 || duration_ms <= 0.0
               ? 0.0
               : static_cast<double>(spikes) / (static_cast<double>(neurons) * duration_ms * 1e-3);
  }
};

struct RunSummary {
  // What ran.
  std::string name;       ///< of the config
  std::string precision;  ///< "single" or "double"
  std::string device;     ///< in words: "cpu (Serial)", "gpu (NVIDIA H100)"
  std::string exchange;   ///< in words: "local", "pairs", "neighbourhood"
  std::uint64_t seed = 0;
  int ranks = 1;
  double dt_ms = 0.0;
  double from_ms = 0.0, until_ms = 0.0;     ///< biological time simulated in this run
  std::int64_t interval_steps = 1;          ///< steps of an exchange interval
  std::uint64_t neurons = 0, synapses = 0;  ///< of the whole network

  // What it cost, seconds of wall time, the slowest rank.
  double build_seconds = 0.0, simulate_seconds = 0.0, output_seconds = 0.0;
  double run_seconds = 0.0;  ///< simulation and output

  std::uint64_t checkpoints = 0;       ///< written
  double checkpoint_seconds = 0.0;     ///< of wall time for all of them, the slowest rank; part of output_seconds
  std::uint64_t checkpoint_bytes = 0;  ///< of the last

  // What came out.
  bool complete = false;  ///< reached the end; false where it was stopped
  std::uint64_t spikes = 0;
  std::vector<PopulationSummary> populations;

  /// By rank; filled on rank 0 only.
  std::vector<RankSummary> by_rank;

  double biological_ms() const { return until_ms - from_ms; }
  /// Wall time over biological time: below 1 is faster than life. Without output, and with it.
  double real_time_factor() const { return over_biological_time(simulate_seconds); }
  double real_time_factor_with_output() const { return over_biological_time(run_seconds); }
  double over_biological_time(double seconds) const {
    return biological_ms() > 0.0 ? seconds / (biological_ms() * 1e-3) : 0.0;
  }
};

/// Minimum, mean and maximum of a number over the ranks.
struct Spread {
  double min = 0.0, mean = 0.0, max = 0.0;
};

/// Spread of `value(rank_summary)` over `ranks`; zeros where there are none.
template <class Value>
Spread spread(const std::vector<RankSummary>& ranks, Value value) {
  Spread result;
  if (ranks.empty()) return result;
  result.min = result.max = static_cast<double>(value(ranks.front()));
  double sum = 0.0;
  for (const auto& r : ranks) {
    const auto v = static_cast<double>(value(r));
    result.min = std::min(result.min, v);
    result.max = std::max(result.max, v);
    sum += v;
  }
  result.mean = sum / static_cast<double>(ranks.size());
  return result;
}

/// Peak resident memory of this process in bytes (VmHWM); 0 where the system does not tell.
std::uint64_t peak_memory_bytes();

}  // namespace ranvier
