#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/ranges.hpp"
#include "core/base/spike.hpp"
#include "kernels/layout/layout.hpp"

namespace ranvier {

/// The populations of a rank's neurons, by local index.
inline Ranges populations_of_neurons(const Layout& layout) {
  std::vector<std::uint32_t> ends;
  for (const PopulationLayout& share : layout.populations) ends.push_back(share.local0 + share.count);
  return Ranges(std::move(ends));
}

/// Counts the spikes of this rank's neurons by population.
class SpikeCounter {
 public:
  explicit SpikeCounter(const Layout& layout)
      : population_of_(populations_of_neurons(layout)), by_population_(layout.populations.size(), 0) {}

  void add(std::span<const Spike> spikes) {
    for (const Spike& spike : spikes) {
      by_population_[population_of_(spike.source)] += spike.multiplicity;
      all_ += spike.multiplicity;
    }
  }

  std::uint64_t all() const { return all_; }
  const std::vector<std::uint64_t>& by_population() const { return by_population_; }

 private:
  Ranges population_of_;
  std::vector<std::uint64_t> by_population_;
  std::uint64_t all_ = 0;
};

}  // namespace ranvier
