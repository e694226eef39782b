#include "core/build/source_set.hpp"

#include <algorithm>

#include "core/base/parallel.hpp"

namespace ranvier {

namespace {

/// The members as bits: threads mark those of a range of the synapses each, in words of their own.
std::vector<std::uint64_t> mark(std::uint64_t population, const std::vector<std::span<const std::uint32_t>>& sources,
                                int threads) {
  const std::size_t words = (population + 63) / 64;
  std::vector<std::vector<std::uint64_t>> by_thread(static_cast<std::size_t>(threads),
                                                    std::vector<std::uint64_t>(words, 0));
  for (const std::span<const std::uint32_t> of_projection : sources)
    parallel_ranges(threads, of_projection.size(), [&](int thread, std::uint64_t begin, std::uint64_t end) {
      std::vector<std::uint64_t>& bits = by_thread[static_cast<std::size_t>(thread)];
      for (const std::uint32_t neuron : of_projection.subspan(begin, end - begin)) {
        RANVIER_EXPECT(neuron < population);
        bits[neuron / 64] |= std::uint64_t{1} << (neuron % 64);
      }
    });
  for (std::size_t thread = 1; thread < by_thread.size(); ++thread)
    for (std::size_t w = 0; w < words; ++w) by_thread[0][w] |= by_thread[thread][w];
  return std::move(by_thread[0]);
}

}  // namespace

SourceSet::SourceSet(std::uint64_t population, const std::vector<std::span<const std::uint32_t>>& sources,
                     int threads) {
  std::uint64_t synapses = 0;
  for (const auto& of_projection : sources) synapses += of_projection.size();
  if (population <= 32 * synapses) {
    // Marked by so many threads that their bits, too, take no more than the list of sources.
    const std::uint64_t most = std::max<std::uint64_t>(1, 32 * synapses / std::max<std::uint64_t>(1, population));
    dense_.emplace(mark(population, sources, static_cast<int>(std::min<std::uint64_t>(most, std::uint64_t(threads)))));
    size_ = dense_->size();
    all_ = size_ == population;
    return;
  }
  list_.reserve(synapses);
  for (const auto& of_projection : sources) list_.insert(list_.end(), of_projection.begin(), of_projection.end());
  std::sort(list_.begin(), list_.end());
  list_.erase(std::unique(list_.begin(), list_.end()), list_.end());
  list_.shrink_to_fit();
  size_ = narrow<std::uint32_t>(list_.size());
}

std::uint32_t SourceSet::index_in_list(std::uint32_t neuron) const {
  const auto at = std::lower_bound(list_.begin(), list_.end(), neuron);
  RANVIER_EXPECT(at != list_.end() && *at == neuron);
  return static_cast<std::uint32_t>(at - list_.begin());
}

}  // namespace ranvier
