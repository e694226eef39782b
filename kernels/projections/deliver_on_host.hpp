#pragma once
#include <algorithm>
#include <cstdint>

#include "kernels/layout/layout.hpp"
#include "kernels/projections/projection.hpp"
#include "kernels/projections/ring_position.hpp"

/// Delivery on the host: every spike adds its weights to the delay rings of its targets. Sums are of integers, so neither the order
/// of spikes, nor of synapses, nor of threads changes a bit.
namespace ranvier {

/// A table's arrays as pointers, and where its spikes fall in time.
template <class Real, class Index, bool HasWeights>
struct RowReader {
  using Sum = Accumulator<Real>;
  const std::uint64_t* first;
  const std::uint32_t* offsets;
  const Index* index;
  const Sum* weights;
  std::uint32_t rows, row0;
  Sum weight;
  std::uint32_t delay;

  RANVIER_INLINE std::uint64_t begin(std::uint32_t block, std::uint32_t row) const {
    return first[block] + offsets[std::uint64_t{block} * (rows + 1) + row];
  }
  RANVIER_INLINE std::uint64_t end(std::uint32_t block, std::uint32_t row) const { return begin(block, row + 1); }
};

/// Host: the spikes of one source population onto one block.
template <class Real, class Index, bool HasWeights>
struct DeliverToBlock {
  RowReader<Real, Index, HasWeights> rows;
  std::uint32_t slots;
  Step first;

  void operator()(std::uint32_t block, const Block& target, Accumulator<Real>* ring, const Spike* spikes,
                  std::size_t count) const {
    // Rows are scattered through memory: ask for them ahead of their turn.
    constexpr std::size_t ahead_of_row = 8, ahead_of_data = 4;
    Accumulator<Real>* sums = ring + target.ring;
    for (std::size_t n = 0; n < count; ++n) {
      if (n + ahead_of_row < count)
        __builtin_prefetch(rows.offsets + std::uint64_t{block} * (rows.rows + 1) + spikes[n + ahead_of_row].source -
                           rows.row0);
      if (n + ahead_of_data < count) prefetch_row(block, spikes[n + ahead_of_data].source - rows.row0);
      deliver_row(block, target, sums, spikes[n]);
    }
  }

 private:
  /// The first lines of a row; the processor sees by itself that a longer one goes on.
  void prefetch_row(std::uint32_t block, std::uint32_t row) const {
    constexpr std::uint64_t lines = HasWeights || sizeof(Index) == 4 ? 4 : 1;
    const std::uint64_t begin = rows.begin(block, row), end = rows.end(block, row);
    prefetch(rows.index, begin, std::min(end, begin + lines * 64 / sizeof(Index)));
    if constexpr (HasWeights)
      prefetch(rows.weights, begin, std::min(end, begin + lines * 64 / sizeof(Accumulator<Real>)));
  }
  template <class T>
  static void prefetch(const T* data, std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t k = begin; k < end; k += 64 / sizeof(T)) __builtin_prefetch(data + k);
  }

  void deliver_row(std::uint32_t block, const Block& target, Accumulator<Real>* sums, const Spike& spike) const {
    const std::uint32_t row = spike.source - rows.row0;
    const auto slot = static_cast<std::uint32_t>((first + spike.offset) % slots);
    const RingPosition<Index> position(slot, rows.delay, slots, target.ports);
    const std::uint64_t end = rows.end(block, row);
    const auto multiplicity = static_cast<Accumulator<Real>>(spike.multiplicity);
    const Accumulator<Real> weight = rows.weight * multiplicity;
    // With delays of their own the synapses of a row write all over the ring, which is larger than the nearest caches.
    constexpr std::uint64_t ahead = sizeof(Index) == 4 ? 16 : 0;
    for (std::uint64_t k = rows.begin(block, row); k < end; ++k) {
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
void visit_rows(const SynapseTable<Real>& t, F&& f) {
  const auto with_index = [&]<class Index>(const Index* index) {
    if (t.constant_weight)
      f(RowReader<Real, Index, false>{t.first.data(), t.offsets.data(), index, nullptr, t.rows, t.row0, t.weight,
                                      t.delay});
    else
      f(RowReader<Real, Index, true>{t.first.data(), t.offsets.data(), index, t.weights.data(), t.rows, t.row0,
                                     t.weight, t.delay});
  };
  if (t.constant_delay)
    with_index(t.index16.data());
  else
    with_index(t.index32.data());
}

/// The spikes of all source populations onto one block. `slots` are those of the ring; offsets count from step `first`.
template <class Real>
void deliver_to_block(const std::vector<SourceTables<Real>>& sources, const SpikesBySource& spikes, std::uint32_t block,
                      const Block& target, Accumulator<Real>* ring, std::uint32_t slots, Step first) {
  for (const SourceTables<Real>& source : sources) {
    const std::span<const Spike> of_source = spikes.of(source.source);
    if (of_source.empty()) continue;
    for (const SynapseTable<Real>& table : source.tables)
      visit_rows(table, [&]<class R, class I, bool W>(const RowReader<R, I, W>& rows) {
        DeliverToBlock<R, I, W>{rows, slots, first}(block, target, ring, of_source.data(), of_source.size());
      });
  }
}

}  // namespace ranvier
