#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/value.hpp"

/// Spikes that a network takes from a file: SONATA's `/spikes/<population>`, its older layout `/spikes` with gids, or
/// its CSV with the columns timestamps, node_ids and population.
namespace ranvier {

/// Calls take(nodes, times) with the spikes block by block, in the order of the file; times in ms. Throws RuntimeError (UsageError for
/// text) where the file is none of those, or holds times that are negative, not finite, or not in ms.
void for_spikes(const Dataset& population,
                const std::function<void(std::span<const std::uint64_t>, std::span<const double>)>& take);

/// The step at whose end a given spike counts, as NEST has it: the first at or after its time, rounded to 1 us.
Step step_at_or_after(double time_ms, double dt_ms);

}  // namespace ranvier
