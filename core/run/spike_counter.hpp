#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/spike.hpp"
#include "kernels/layout/layout.hpp"

namespace ranvier {

/// Counts the spikes of this rank's neurons by population.
class SpikeCounter {
 public:
  /// `layout` must outlive the counter.
  explicit SpikeCounter(const Layout& layout) : layout_(layout), by_population_(layout.populations.size(), 0) {}

  void add(std::span<const Spike> spikes) {
    for (const Spike& spike : spikes) {
      std::size_t p = 0;
      while (spike.source >= layout_.populations[p].local0 + layout_.populations[p].count) ++p;
      by_population_[p] += spike.multiplicity;
      all_ += spike.multiplicity;
    }
  }

  std::uint64_t all() const { return all_; }
  const std::vector<std::uint64_t>& by_population() const { return by_population_; }

 private:
  const Layout& layout_;
  std::vector<std::uint64_t> by_population_;
  std::uint64_t all_ = 0;
};

}  // namespace ranvier
