#pragma once
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "kernels/layout/layout.hpp"
#include "kernels/projections/projection.hpp"
#include "kernels/projections/ring_position.hpp"

/// Delivery on the host: every spike adds its weights to the delay rings of its targets. Sums are of integers, so neither the order
/// of spikes, nor of synapses, nor of threads changes a bit.
namespace ranvier {

/// One part of a table as pointers.
template <class Real, class Index, bool HasWeights>
struct PartReader {
  using Sum = Accumulator<Real>;
  const std::uint32_t* offsets;
  const Index* index;
  const Sum* weights;
  std::uint32_t row0;
  Sum weight;
  std::uint32_t delay;

  RANVIER_INLINE std::uint32_t begin(std::uint32_t row) const { return offsets[row]; }
  RANVIER_INLINE std::uint32_t end(std::uint32_t row) const { return offsets[row + 1]; }
};

/// The spikes of one source population onto one block. `slots` are those of the ring; offsets count from step `first`.
template <class Real, class Index, bool HasWeights>
struct DeliverPart {
  PartReader<Real, Index, HasWeights> rows;
  std::uint32_t slots;
  Step first;

  void operator()(const Block& target, Accumulator<Real>* ring, std::span<const Spike> spikes) const {
    // Rows are scattered through memory: ask for them ahead of their turn.
    constexpr std::size_t ahead_of_row = 8, ahead_of_data = 4;
    Accumulator<Real>* sums = ring + target.ring;
    for (std::size_t n = 0; n < spikes.size(); ++n) {
      if (n + ahead_of_row < spikes.size())
        __builtin_prefetch(rows.offsets + (spikes[n + ahead_of_row].source - rows.row0));
      if (n + ahead_of_data < spikes.size()) prefetch_row(spikes[n + ahead_of_data].source - rows.row0);
      deliver_row(target, sums, spikes[n]);
    }
  }

 private:
  /// The first lines of a row; the processor sees by itself that a longer one goes on.
  void prefetch_row(std::uint32_t row) const {
    constexpr std::uint64_t lines = HasWeights || sizeof(Index) == 4 ? 4 : 1;
    const std::uint64_t begin = rows.begin(row), end = rows.end(row);
    prefetch(rows.index, begin, std::min(end, begin + lines * 64 / sizeof(Index)));
    if constexpr (HasWeights)
      prefetch(rows.weights, begin, std::min(end, begin + lines * 64 / sizeof(Accumulator<Real>)));
  }
  template <class T>
  static void prefetch(const T* data, std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t k = begin; k < end; k += 64 / sizeof(T)) __builtin_prefetch(data + k);
  }

  void deliver_row(const Block& target, Accumulator<Real>* sums, const Spike& spike) const {
    const std::uint32_t row = spike.source - rows.row0;
    const auto slot = static_cast<std::uint32_t>((first + spike.offset) % slots);
    const RingPosition<Index> position(slot, rows.delay, slots, target.ports);
    const std::uint64_t end = rows.end(row);
    const auto multiplicity = static_cast<Accumulator<Real>>(spike.multiplicity);
    const Accumulator<Real> weight = rows.weight * multiplicity;
    // With delays of their own the synapses of a row write all over the ring, which is larger than the nearest caches.
    constexpr std::uint64_t ahead = sizeof(Index) == 4 ? 16 : 0;
    for (std::uint64_t k = rows.begin(row); k < end; ++k) {
      if constexpr (ahead > 0)
        if (k + ahead < end) __builtin_prefetch(sums + position(rows.index[k + ahead]), 1);
      if constexpr (HasWeights)
        sums[position(rows.index[k])] += rows.weights[k] * multiplicity;
      else
        sums[position(rows.index[k])] += weight;
    }
  }
};

/// Calls f with a reader of the table's own format.
template <class Real, class F>
void visit_part(const SynapseTable<Real>& t, std::size_t part, F&& f) {
  const std::uint64_t first = t.parts[part].first;
  const auto with_index = [&]<class Index>(const Index* index) {
    const std::uint32_t* offsets = t.offsets_of(part);
    if (t.constant_weight)
      f(PartReader<Real, Index, false>{offsets, index + first, nullptr, t.row0, t.weight, t.delay});
    else
      f(PartReader<Real, Index, true>{offsets, index + first, t.weights.data() + first, t.row0, t.weight, t.delay});
  };
  if (t.constant_delay)
    with_index(t.index16.data());
  else
    with_index(t.index32.data());
}

/// Which parts of which tables have synapses onto a block. The tables must outlive it and stay where they are.
template <class Real>
class PartsByBlock {
 public:
  PartsByBlock() = default;
  PartsByBlock(const std::vector<SourceTables<Real>>& sources, std::size_t blocks) : begin_(blocks + 1, 0) {
    const auto for_each_part = [&](auto&& f) {
      for (const SourceTables<Real>& source : sources)
        for (const SynapseTable<Real>& table : source.tables)
          for (std::uint32_t p = 0; p < table.parts.size(); ++p)
            f(table.parts[p].block, Part{&table, source.source, p});
    };
    for_each_part([&](std::uint32_t block, const Part&) { ++begin_[block + 1]; });
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
    parts_.resize(begin_.back());
    std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
    for_each_part([&](std::uint32_t block, const Part& part) { parts_[next[block]++] = part; });
  }

  /// Delivers all spikes onto one block. `slots` are those of the ring; offsets count from step `first`.
  void deliver(const SpikesBySource& spikes, std::size_t block, const Block& target, Accumulator<Real>* ring,
               std::uint32_t slots, Step first) const {
    for (std::size_t k = begin_[block]; k < begin_[block + 1]; ++k) {
      const Part& part = parts_[k];
      const std::span<const Spike> of_source = spikes.of(part.source);
      if (of_source.empty()) continue;
      visit_part(*part.table, part.part, [&]<class R, class I, bool W>(const PartReader<R, I, W>& rows) {
        DeliverPart<R, I, W>{rows, slots, first}(target, ring, of_source);
      });
    }
  }

  std::size_t bytes() const { return begin_.size() * sizeof(std::size_t) + parts_.size() * bytes_of_part; }

 private:
  struct Part {
    const SynapseTable<Real>* table = nullptr;
    std::size_t source = 0;  ///< index in RankNetwork::sources
    std::uint32_t part = 0;
  };

 public:
  static constexpr std::size_t bytes_of_part = sizeof(Part);

 private:
  std::vector<std::size_t>
      begin_;  ///< of block b: parts_[begin_[b]] to parts_[begin_[b + 1] - 1], by source population
  std::vector<Part> parts_;
};

}  // namespace ranvier
