#pragma once
#include <algorithm>
#include <vector>

#include "core/base/spike_list.hpp"
#include "kernels/layout/layout.hpp"
#include "kernels/projections/projection.hpp"
#include "kernels/projections/ring_position.hpp"
#include "kernels/space/large_array.hpp"
#include "kernels/space/launch.hpp"

/// Delivery on a device: one launch for all spikes, blocks and tables.
namespace ranvier {

/// Adds to a sum of the ring that other threads add to as well. The hardware's addition is of unsigned numbers, which
/// for the two's complement is the same.
RANVIER_INLINE void add_atomically(std::int64_t* sum, std::int64_t value) {
  Kokkos::atomic_add(reinterpret_cast<unsigned long long*>(sum), static_cast<unsigned long long>(value));
}
RANVIER_INLINE void add_atomically(std::int32_t* sum, std::int32_t value) { Kokkos::atomic_add(sum, value); }

/// A SynapseTable as pointers: of index16 and index32 one is null, and weights where `weight` is that of all.
template <class Real>
struct TableView {
  const std::uint64_t* first;
  const std::uint32_t* offsets;
  const std::uint16_t* index16;
  const std::uint32_t* index32;
  const Accumulator<Real>* weights;
  std::uint32_t rows, row0, delay;
  Accumulator<Real> weight;
};

/// Source slots [slot0, slot0 + slots) have the tables [table0, table0 + tables).
struct SourceView {
  std::uint32_t slot0, slots, table0, tables;
};

/// `workers` groups of `width` consecutive threads share out the pairs (spike, block); the threads of a group share a row.
template <class Real>
struct DeliverSpikes {
  using Sum = Accumulator<Real>;
  SpikeList what;
  const SourceView* sources;
  const TableView<Real>* tables;
  const Block* blocks;
  Sum* ring;
  std::uint32_t source_count, block_count, slots, workers, width;
  std::uint32_t first;  ///< slot of the step that offsets count from

  KOKKOS_FUNCTION void operator()(std::size_t thread) const {
    const auto lane = static_cast<std::uint32_t>(thread) % width;
    const std::uint32_t begin = what.begin != nullptr ? *what.begin : 0;
    const std::uint32_t end = what.end != nullptr ? *what.end : what.count;
    if (what.next != nullptr && thread == 0) *what.next = end;
    const std::uint64_t items = std::uint64_t{end - begin} * block_count;
    for (std::uint64_t item = static_cast<std::uint32_t>(thread) / width; item < items; item += workers) {
      const Spike spike = what.records[begin + item / block_count];
      const std::uint32_t slot = what.slot_of != nullptr ? what.slot_of[spike.source] : spike.source;
      if (slot != without_slot) deliver(spike, slot, static_cast<std::uint32_t>(item % block_count), lane);
    }
  }

 private:
  RANVIER_INLINE void deliver(const Spike& spike, std::uint32_t slot, std::uint32_t block, std::uint32_t lane) const {
    std::uint32_t p = 0;
    while (p < source_count && slot - sources[p].slot0 >= sources[p].slots) ++p;
    if (p == source_count) return;
    const std::uint32_t stamped = (first + spike.offset) % slots;
    const auto multiplicity = static_cast<Sum>(spike.multiplicity);
    for (std::uint32_t t = sources[p].table0; t < sources[p].table0 + sources[p].tables; ++t) {
      const TableView<Real> table = tables[t];
      const std::uint64_t row = std::uint64_t{block} * (table.rows + 1) + (slot - table.row0);
      const std::uint64_t begin = table.first[block] + table.offsets[row];
      const std::uint64_t end = table.first[block] + table.offsets[row + 1];
      if (table.index16 != nullptr)
        add_row(table, table.index16, begin + lane, end, blocks[block], stamped, multiplicity);
      else
        add_row(table, table.index32, begin + lane, end, blocks[block], stamped, multiplicity);
    }
  }

  template <class Index>
  RANVIER_INLINE void add_row(const TableView<Real>& table, const Index* index, std::uint64_t begin, std::uint64_t end,
                              const Block& block, std::uint32_t stamped, Sum multiplicity) const {
    const RingPosition<Index> position(stamped, table.delay, slots, block.ports);
    Sum* const sums = ring + block.ring;
    for (std::uint64_t k = begin; k < end; k += width)
      add_atomically(sums + position(index[k]),
                     (table.weights != nullptr ? table.weights[k] : table.weight) * multiplicity);
  }
};

/// Tables where a device can read them, and the launch over them.
template <class Exec, class Real>
class DeviceDelivery {
 public:
  DeviceDelivery() = default;
  /// Copies the tables, one after the other, and gives back the host's memory of each; where the space is the host's, the tables
  /// stay in use and `sources` must outlive this.
  DeviceDelivery(std::vector<SourceTables<Real>>& sources, const std::vector<Block>& blocks) : blocks_(blocks) {
    std::vector<SourceView> source_views;
    std::vector<TableView<Real>> table_views;
    std::uint64_t synapses = 0, rows = 0;
    for (SourceTables<Real>& source : sources) {
      source_views.push_back({source.slot0, source.slots, static_cast<std::uint32_t>(table_views.size()),
                              static_cast<std::uint32_t>(source.tables.size())});
      for (SynapseTable<Real>& t : source.tables) {
        synapses += t.size();
        rows += std::uint64_t{t.rows} * blocks.size();
        bytes_.synapses += t.synapse_bytes();
        bytes_.rows += t.row_bytes();
        table_views.push_back(copy(t));
        if constexpr (!is_host<Exec>) t = {};
      }
    }
    sources_ = StructArray<Exec, SourceView>(source_views);
    tables_ = StructArray<Exec, TableView<Real>>(table_views);
    bytes_.rows += blocks_.bytes() + sources_.bytes() + tables_.bytes();
    // A warp for a row, more threads where rows are so long that each still has several synapses.
    while (width_ < 256 && synapses > rows * 4 * width_) width_ *= 2;
  }

  /// `slots` of the ring; `first`: the step that offsets count from.
  void operator()(const SpikeList& what, Array<Accumulator<Real>, Exec> ring, std::uint32_t slots, Step first) {
    if (tables_.size() == 0 || blocks_.size() == 0) return;
    const auto most = static_cast<std::uint64_t>(Exec().concurrency()) / width_;
    const std::uint64_t items = what.end != nullptr ? most : std::uint64_t{what.count} * blocks_.size();
    const auto workers = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, std::min(items, most)));
    launch<Exec>(
        "ranvier::deliver", std::size_t{workers} * width_,
        DeliverSpikes<Real>{what, sources_.data(), tables_.data(), blocks_.data(), ring.data(), sources_.size(),
                            blocks_.size(), slots, workers, width_, static_cast<std::uint32_t>(first % slots)});
  }

  ProjectionBytes bytes() const { return bytes_; }

 private:
  template <class T>
  const T* keep(std::vector<Array<T, Exec>>& owners, HostBuffer<T>& buffer) {
    owners.push_back(to_space<Exec>(buffer));
    return owners.back().data();
  }
  TableView<Real> copy(SynapseTable<Real>& t) {
    return {keep(keep64_, t.first),
            keep(keep32_, t.offsets),
            t.constant_delay ? keep(keep16_, t.index16) : nullptr,
            t.constant_delay ? nullptr : keep(keep32_, t.index32),
            t.constant_weight ? nullptr : keep(weights_, t.weights),
            t.rows,
            t.row0,
            t.delay,
            t.weight};
  }

  StructArray<Exec, Block> blocks_;
  StructArray<Exec, SourceView> sources_;
  StructArray<Exec, TableView<Real>> tables_;
  std::vector<Array<std::uint64_t, Exec>> keep64_;
  std::vector<Array<std::uint32_t, Exec>> keep32_;
  std::vector<Array<std::uint16_t, Exec>> keep16_;
  std::vector<Array<Accumulator<Real>, Exec>> weights_;
  std::uint32_t width_ = 32;
  ProjectionBytes bytes_;
};

}  // namespace ranvier
