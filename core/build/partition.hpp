#pragma once
#include <cstdint>
#include <vector>

#include "comm/exchange/routing.hpp"
#include "core/base/ids.hpp"

namespace ranvier {

/// Which rank has which neurons: every rank an equal, consecutive share of every population, computed and never stored.
/// Small populations begin at different ranks, so that they do not all fall to the same.
class Partition {
 public:
  struct Share {
    std::uint64_t first = 0, last = 0;  ///< neurons [first, last) of the population
    std::uint64_t count() const { return last - first; }
  };

  Partition(std::vector<std::uint64_t> population_sizes, int ranks);

  Share share(std::size_t population, Rank rank) const;
  /// Where a rank's share stands among those of a population: 0 is the first.
  int place(std::size_t population, Rank rank) const;
  /// Global id of a population's neuron 0.
  std::uint64_t first_id(std::size_t population) const { return first_id_[population]; }
  std::uint64_t neurons() const { return first_id_.back(); }
  std::size_t populations() const { return sizes_.size(); }
  std::uint64_t size(std::size_t population) const { return sizes_[population]; }
  /// The rank of a neuron of a population.
  Rank rank_of(std::size_t population, std::uint64_t neuron) const;
  /// Local indices count a rank's neurons population by population.
  Owner owner(GlobalId id) const;
  std::size_t population_of(GlobalId id) const;

 private:
  std::vector<std::uint64_t> sizes_;
  std::vector<std::uint64_t> first_id_;  ///< populations + 1
  int ranks_;
};

}  // namespace ranvier
