#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/build/node_selections.hpp"
#include "core/run/run_summary.hpp"
#include "core/session/session.hpp"
#include "io/network/config.hpp"

/// What a network will cost, from its config alone: nothing is connected, and of each population only some neurons are made.
namespace ranvier {

struct ProjectionEstimate {
  std::string key, rule;
  double synapses = 0.0;                     ///< whole network: expected, or counted where they are in a file
  Step min_delay = 1, max_delay = 1;         ///< steps; of a distribution the median of the extremes of so many draws
  bool one_delay = true, one_weight = true;  ///< the same for all synapses
  double silent = 1.0;                       ///< probability that a source has no target on rank 0
};

struct Estimate {
  std::uint64_t neurons = 0;
  double synapses = 0.0;
  std::vector<ProjectionEstimate> projections;
  int ranks = 1;
  Step interval = 1;  ///< steps between exchanges
  std::size_t blocks = 0;

  /// Rank 0, which has a share as large as any.
  std::uint64_t rank_neurons = 0;
  double rank_synapses = 0.0;
  MemoryByStructure rank_memory;
  std::uint64_t recording_memory = 0;  ///< bytes, at most
  /// Copies of spikes that a rank sends in one exchange, for each Hz of mean rate.
  double spikes_sent_per_hz = 0.0;
  /// Different states that projections send; the ranks add up one number for each and step.
  std::size_t signals = 0;
};

/// Throws UsageError with all projections whose rule does not fit the sizes of their populations. Edges in files are read, in
/// pieces, to count them. Kokkos must be initialised.
Estimate estimate(const Config& config, const Session& session, const NodeSelections& nodes, int ranks);

/// What a config comes to, as text for people.
std::string print_estimate(const Config& config, const Estimate& estimate);

}  // namespace ranvier
