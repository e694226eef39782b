#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/id_set.hpp"

namespace ranvier {

/// The neurons of one population that have targets on this rank, numbered in ascending order. The memory, also while it is
/// made, is at most that of the synapses they were found in: a bit for each neuron of the population where these are fewer
/// bits than the list of sources has, else a sorted list.
class SourceSet {
 public:
  /// `sources`: of the synapses, by projection, in any order and as often as they come; each below `population`.
  SourceSet(std::uint64_t population, const std::vector<std::span<const std::uint32_t>>& sources, int threads);

  std::uint32_t size() const { return size_; }
  /// The number of a member.
  std::uint32_t index(std::uint32_t neuron) const {
    if (all_) return neuron;
    if (dense_) return dense_->index(neuron);
    return index_in_list(neuron);
  }
  /// All members, ascending.
  template <class F>
  void for_each(F&& f) const {
    if (dense_)
      dense_->for_each(f);
    else
      for (const std::uint32_t neuron : list_) f(std::uint64_t{neuron});
  }

 private:
  std::uint32_t index_in_list(std::uint32_t neuron) const;

  std::optional<IdSet> dense_;
  std::vector<std::uint32_t> list_;
  std::uint32_t size_ = 0;
  bool all_ = false;  ///< every neuron of the population is a member
};

}  // namespace ranvier
