#pragma once
#include <vector>

#include "core/base/expect.hpp"
#include "core/base/ranges.hpp"
#include "core/base/spike_list.hpp"
#include "kernels/projections/projection.hpp"
#include "kernels/space/portable.hpp"

namespace ranvier {

/// Brings spikes that reach a rank to where and how its projections take them.
template <class Exec>
class SpikeInbox {
 public:
  explicit SpikeInbox(const std::vector<SourceSlots>& sources)
      : sources_(sources.size()), source_of_(ends_of(sources)) {}

  /// Valid until the next call, and no longer than `spikes`.
  ArrivingSpikes<Exec> operator()(const SpikeList& spikes) {
    if constexpr (is_host<Exec>) {
      sort_by_source(spikes.on_host());
      return {sorted_, begin_};
    } else {
      return spikes.space == MemorySpace::device ? spikes : to_device(spikes.on_host());
    }
  }

  std::size_t bytes() const { return (on_device_.span() + sorted_.capacity()) * sizeof(Spike); }

 private:
  /// Spikes of each source population together, so that a table is chosen once for many.
  void sort_by_source(std::span<const Spike> spikes) {
    begin_.assign(sources_ + 1, 0);
    for (const Spike& s : spikes) ++begin_[source_of_(s.source) + 1];
    for (std::size_t p = 0; p < sources_; ++p) begin_[p + 1] += begin_[p];
    sorted_.resize(spikes.size());
    next_ = begin_;
    for (const Spike& s : spikes) sorted_[next_[source_of_(s.source)]++] = s;
  }

  static std::vector<std::uint32_t> ends_of(const std::vector<SourceSlots>& sources) {
    std::vector<std::uint32_t> ends;
    ends.reserve(sources.size());
    for (const SourceSlots& source : sources) ends.push_back(source.slot0 + source.slots);
    return ends;
  }

  SpikeList to_device(std::span<const Spike> spikes) {
    if (on_device_.extent(0) < spikes.size())
      on_device_ = Array<Spike, Exec>(Kokkos::view_alloc("ranvier::deliver::spikes", Kokkos::WithoutInitializing),
                                      spikes.size() + spikes.size() / 2);
    const HostArray<const Spike> host(spikes.data(), spikes.size());
    Kokkos::deep_copy(Exec(), Kokkos::subview(on_device_, std::pair<std::size_t, std::size_t>(0, spikes.size())), host);
    SpikeList list;
    list.records = on_device_.data();
    list.count = narrow<std::uint32_t>(spikes.size());
    list.space = MemorySpace::device;
    return list;
  }

  std::size_t sources_;  ///< populations
  Ranges source_of_;     ///< of a slot
  std::vector<Spike> sorted_;
  std::vector<std::size_t> begin_, next_;
  Array<Spike, Exec> on_device_;
};

}  // namespace ranvier
