#pragma once
#include <algorithm>
#include <vector>

#include "core/base/spike_list.hpp"
#include "kernels/layout/layout.hpp"
#include "kernels/projections/projection.hpp"
#include "kernels/projections/ring_position.hpp"
#include "kernels/space/large_array.hpp"
#include "kernels/space/launch.hpp"

/// Delivery on a device: one launch for all spikes and tables.
namespace ranvier {

/// Adds to a sum of the ring that other threads add to as well. The hardware's addition is of unsigned numbers, which
/// for the two's complement is the same.
RANVIER_INLINE void add_atomically(std::int64_t* sum, std::int64_t value) {
  Kokkos::atomic_add(reinterpret_cast<unsigned long long*>(sum), static_cast<unsigned long long>(value));
}
RANVIER_INLINE void add_atomically(std::int32_t* sum, std::int32_t value) { Kokkos::atomic_add(sum, value); }

/// One part of a SynapseTable as pointers: of index16 and index32 one is null, and weights where `weight` is that of all.
template <class Real>
struct PartView {
  const std::uint32_t* offsets;
  const std::uint16_t* index16;
  const std::uint32_t* index32;
  const Accumulator<Real>* weights;
  std::uint64_t ring;   ///< where that of the block begins
  std::uint32_t ports;  ///< of the block
  std::uint32_t row0, delay;
  Accumulator<Real> weight;
};

/// Source slots [slot0, slot0 + slots) have the parts [part0, part0 + parts).
struct SourceView {
  std::uint32_t slot0, slots, part0, parts;
};

/// `workers` groups of `width` consecutive threads share out the pairs (spike, part of a table); the threads of a group share a row.
template <class Real>
struct DeliverSpikes {
  using Sum = Accumulator<Real>;
  SpikeList what;
  const SourceView* sources;  ///< ascending slots
  const PartView<Real>* parts;
  Sum* ring;
  std::uint32_t source_count, most_parts, slots, workers, width;
  std::uint32_t first;  ///< slot of the step that offsets count from

  KOKKOS_FUNCTION void operator()(std::size_t thread) const {
    const auto lane = static_cast<std::uint32_t>(thread) % width;
    const std::uint32_t begin = what.begin != nullptr ? *what.begin : 0;
    const std::uint32_t end = what.end != nullptr ? *what.end : what.count;
    if (what.next != nullptr && thread == 0) *what.next = end;
    const std::uint64_t items = std::uint64_t{end - begin} * most_parts;
    for (std::uint64_t item = static_cast<std::uint32_t>(thread) / width; item < items; item += workers) {
      const Spike spike = what.records[begin + item / most_parts];
      const std::uint32_t slot = what.slot_of != nullptr ? what.slot_of[spike.source] : spike.source;
      if (slot != without_slot) deliver(spike, slot, static_cast<std::uint32_t>(item % most_parts), lane);
    }
  }

 private:
  RANVIER_INLINE void deliver(const Spike& spike, std::uint32_t slot, std::uint32_t part, std::uint32_t lane) const {
    // The last source whose slots begin at or before this one.
    std::uint32_t low = 0, high = source_count;
    while (high - low > 1) {
      const std::uint32_t middle = (low + high) / 2;
      (sources[middle].slot0 <= slot ? low : high) = middle;
    }
    const SourceView source = sources[low];
    if (slot - source.slot0 >= source.slots || part >= source.parts) return;
    const std::uint32_t stamped = (first + spike.offset) % slots;
    const auto multiplicity = static_cast<Sum>(spike.multiplicity);
    const PartView<Real> view = parts[source.part0 + part];
    const std::uint32_t* const row = view.offsets + (slot - view.row0);
    if (view.index16 != nullptr)
      add_row(view, view.index16, row[0] + lane, row[1], stamped, multiplicity);
    else
      add_row(view, view.index32, row[0] + lane, row[1], stamped, multiplicity);
  }

  template <class Index>
  RANVIER_INLINE void add_row(const PartView<Real>& part, const Index* index, std::uint64_t begin, std::uint64_t end,
                              std::uint32_t stamped, Sum multiplicity) const {
    const RingPosition<Index> position(stamped, part.delay, slots, part.ports);
    Sum* const sums = ring + part.ring;
    for (std::uint64_t k = begin; k < end; k += width)
      add_atomically(sums + position(index[k]),
                     (part.weights != nullptr ? part.weights[k] : part.weight) * multiplicity);
  }
};

/// Tables where a device can read them, and the launch over them.
template <class Exec, class Real>
class DeviceDelivery {
 public:
  DeviceDelivery() = default;
  /// Copies the tables, one after the other, and gives back the host's memory of each; where the space is the host's, the tables
  /// stay in use and `sources` must outlive this.
  DeviceDelivery(std::vector<SourceTables<Real>>& sources, const std::vector<Block>& blocks) {
    std::vector<SourceView> source_views;
    std::vector<PartView<Real>> part_views;
    std::uint64_t synapses = 0, rows = 0;
    for (SourceTables<Real>& source : sources) {
      const auto part0 = narrow<std::uint32_t>(part_views.size());
      for (SynapseTable<Real>& t : source.tables) {
        synapses += t.size();
        rows += std::uint64_t{t.rows} * t.parts.size();
        bytes_.synapses += t.synapse_bytes();
        bytes_.rows += t.offsets.bytes();
        add_views(t, blocks, part_views);
        if constexpr (!is_host<Exec>) t = {};
      }
      source_views.push_back({source.slot0, source.slots, part0, narrow<std::uint32_t>(part_views.size()) - part0});
      most_parts_ = std::max(most_parts_, source_views.back().parts);
    }
    sources_ = StructArray<Exec, SourceView>(source_views);
    parts_ = StructArray<Exec, PartView<Real>>(part_views);
    bytes_.rows += sources_.bytes() + parts_.bytes();
    // A warp for a row, more threads where rows are so long that each still has several synapses.
    while (width_ < 256 && synapses > rows * 4 * width_) width_ *= 2;
  }

  /// `slots` of the ring; `first`: the step that offsets count from.
  void operator()(const SpikeList& what, Array<Accumulator<Real>, Exec> ring, std::uint32_t slots, Step first) {
    if (most_parts_ == 0) return;
    const auto most = static_cast<std::uint64_t>(Exec().concurrency()) / width_;
    const std::uint64_t items = what.end != nullptr ? most : std::uint64_t{what.count} * most_parts_;
    const auto workers = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, std::min(items, most)));
    launch<Exec>("ranvier::deliver", std::size_t{workers} * width_,
                 DeliverSpikes<Real>{what, sources_.data(), parts_.data(), ring.data(), sources_.size(), most_parts_,
                                     slots, workers, width_, static_cast<std::uint32_t>(first % slots)});
  }

  ProjectionBytes bytes() const { return bytes_; }

 private:
  template <class T>
  const T* keep(std::vector<Array<T, Exec>>& owners, HostBuffer<T>& buffer) {
    owners.push_back(to_space<Exec>(buffer));
    return owners.back().data();
  }
  /// Copies the table; one view for each of its parts.
  void add_views(SynapseTable<Real>& t, const std::vector<Block>& blocks, std::vector<PartView<Real>>& views) {
    const std::uint32_t* offsets = keep(keep32_, t.offsets);
    const std::uint16_t* index16 = t.constant_delay ? keep(keep16_, t.index16) : nullptr;
    const std::uint32_t* index32 = t.constant_delay ? nullptr : keep(keep32_, t.index32);
    const Accumulator<Real>* weights = t.constant_weight ? nullptr : keep(weights_, t.weights);
    for (std::size_t p = 0; p < t.parts.size(); ++p) {
      const std::uint64_t first = t.parts[p].first;
      const Block& block = blocks[t.parts[p].block];
      views.push_back({offsets + p * (std::size_t{t.rows} + 1), index16 == nullptr ? nullptr : index16 + first,
                       index32 == nullptr ? nullptr : index32 + first, weights == nullptr ? nullptr : weights + first,
                       block.ring, block.ports, t.row0, t.delay, t.weight});
    }
  }

  StructArray<Exec, SourceView> sources_;
  StructArray<Exec, PartView<Real>> parts_;
  std::vector<Array<std::uint32_t, Exec>> keep32_;
  std::vector<Array<std::uint16_t, Exec>> keep16_;
  std::vector<Array<Accumulator<Real>, Exec>> weights_;
  std::uint32_t most_parts_ = 0;  ///< of a source population
  std::uint32_t width_ = 32;
  ProjectionBytes bytes_;
};

}  // namespace ranvier
