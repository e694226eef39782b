#include "core/build/partition.hpp"

#include <algorithm>
#include <limits>

#include "core/base/expect.hpp"

namespace ranvier {

namespace {

/// size * part / parts without overflow.
std::uint64_t cut(std::uint64_t size, std::uint64_t part, std::uint64_t parts) {
  RANVIER_EXPECT(parts > 0);
  const unsigned __int128 result = static_cast<unsigned __int128>(size) * part / parts;
  RANVIER_ENSURE(result <= std::numeric_limits<std::uint64_t>::max());
  return static_cast<std::uint64_t>(result);
}

}  // namespace

Partition::Partition(std::vector<std::uint64_t> population_sizes, int ranks)
    : sizes_(std::move(population_sizes)), first_id_(sizes_.size() + 1, 0), ranks_(ranks) {
  RANVIER_EXPECT(ranks >= 1);
  for (std::size_t p = 0; p < sizes_.size(); ++p) first_id_[p + 1] = first_id_[p] + sizes_[p];
}

int Partition::place(std::size_t population, Rank rank) const {
  RANVIER_EXPECT(rank.value >= 0 && rank.value < ranks_);
  const auto ranks = static_cast<std::uint64_t>(ranks_);
  return narrow<int>((static_cast<std::uint64_t>(rank.value) + ranks - population % ranks) % ranks);
}

Partition::Share Partition::share(std::size_t population, Rank rank) const {
  const auto ranks = static_cast<std::uint64_t>(ranks_), part = static_cast<std::uint64_t>(place(population, rank));
  return {cut(sizes_[population], part, ranks), cut(sizes_[population], part + 1, ranks)};
}

Rank Partition::rank_of(std::size_t population, std::uint64_t neuron) const {
  RANVIER_EXPECT(neuron < sizes_[population]);
  const auto ranks = static_cast<std::uint64_t>(ranks_);
  std::uint64_t part = cut(neuron, ranks, sizes_[population]);
  while (cut(sizes_[population], part + 1, ranks) <= neuron) ++part;  // at most once: rounding
  RANVIER_ENSURE(cut(sizes_[population], part, ranks) <= neuron);
  return Rank{narrow<int>((part + population) % ranks)};
}

std::size_t Partition::population_of(GlobalId id) const {
  RANVIER_EXPECT(id.value < neurons());
  return static_cast<std::size_t>(std::upper_bound(first_id_.begin(), first_id_.end(), id.value) - first_id_.begin()) -
         1;
}

Owner Partition::owner(GlobalId id) const {
  const std::size_t population = population_of(id);
  const std::uint64_t neuron = id.value - first_id_[population];
  const Rank rank = rank_of(population, neuron);
  std::uint64_t index = neuron - share(population, rank).first;
  for (std::size_t p = 0; p < population; ++p) index += share(p, rank).count();
  return {rank, LocalIndex{narrow<std::uint32_t>(index)}};
}

}  // namespace ranvier
