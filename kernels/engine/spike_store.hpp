#pragma once
#include <algorithm>
#include <span>

#include "core/base/expect.hpp"
#include "core/base/spike_list.hpp"
#include "kernels/layout/layout.hpp"
#include "kernels/populations/machine.hpp"
#include "kernels/space/portable.hpp"

namespace ranvier {

/// The stream of a space's default instance, as SpikeList::queue has it; null on the host.
template <class Exec>
void* default_queue() {
#if defined(KOKKOS_ENABLE_CUDA)
  if constexpr (std::is_same_v<Exec, Kokkos::Cuda>) return Exec().cuda_stream();
#endif
  return nullptr;
}

/// The spikes that the neurons of a rank emit, from begin() on, in the memory of a space, and the first step at whose end a
/// state was infinite or NaN.
template <class Exec>
class SpikeStore {
 public:
  explicit SpikeStore(const Layout& layout)
      : intervals_(is_host<Exec> ? 1 : intervals_in_buffer(layout)),
        counters_("ranvier::spikes::counters", 3),
        first_not_finite_("ranvier::first_not_finite", 1),
        // Each neuron emits at most one record in a step, so this is enough for any interval.
        records_(Kokkos::view_alloc("ranvier::spikes", Kokkos::WithoutInitializing),
                 std::size_t{layout.neurons} * layout.interval * static_cast<std::size_t>(intervals_)) {
    first_not_finite_host_(0) = never;
    Kokkos::deep_copy(first_not_finite_, first_not_finite_host_);
  }

  /// What the update kernels write to.
  SpikeBuffer buffer() const { return {records_.data(), counters_.data(), first_not_finite_.data()}; }
  int intervals() const { return intervals_; }
  void begin() { Kokkos::deep_copy(Exec(), counters_, 0u); }

  /// All spikes since begin(), in host memory.
  SpikeList in_host_memory() {
    if constexpr (is_host<Exec>) {
      Exec().fence();
      return SpikeList(std::span<const Spike>(records_.data(), counters_(0)));
    } else {
      Kokkos::deep_copy(Exec(), counters_host_, counters_);
      Kokkos::deep_copy(Exec(), first_not_finite_host_, first_not_finite_);
      Exec().fence();
      const std::size_t count = counters_host_(0);
      if (records_host_.extent(0) < count)
        records_host_ = StagingArray<Spike, Exec>("ranvier::spikes::host", count + count / 2);
      const std::pair<std::size_t, std::size_t> range(0, count);
      Kokkos::deep_copy(Exec(), Kokkos::subview(records_host_, range), Kokkos::subview(records_, range));
      Exec().fence();
      return SpikeList(std::span<const Spike>(records_host_.data(), count));
    }
  }

  /// Those since the last call of on_device(), on the device; their number is known there alone. Looking at them takes none.
  SpikeList look_on_device() const {
    SpikeList list;
    list.records = records_.data();
    list.count = narrow<std::uint32_t>(records_.extent(0));
    list.space = MemorySpace::device;
    list.begin = counters_.data() + 1 + turn_;
    list.end = counters_.data();
    list.queue = default_queue<Exec>();
    return list;
  }
  /// The same, to be taken.
  SpikeList on_device() {
    SpikeList list = look_on_device();
    list.next = counters_.data() + 2 - turn_;
    turn_ = 1 - turn_;
    return list;
  }

  /// As of the last call of in_host_memory().
  Step first_not_finite() const { return is_host<Exec> ? first_not_finite_.data()[0] : first_not_finite_host_(0); }

  std::size_t bytes() const { return records_.span() * sizeof(Spike); }

 private:
  /// How many intervals of spikes fit a buffer of moderate size, offsets of 16 bits being counted from the first of them.
  static int intervals_in_buffer(const Layout& layout) {
    constexpr std::size_t bytes = std::size_t{64} << 20;
    const std::size_t of_interval = std::size_t{layout.neurons} * layout.interval * sizeof(Spike);
    const std::size_t by_offset = 65535 / layout.interval;
    return static_cast<int>(std::clamp<std::size_t>(bytes / std::max<std::size_t>(of_interval, 1), 1, by_offset));
  }

  int intervals_;                        ///< that the records have room for
  Array<std::uint32_t, Exec> counters_;  ///< spikes emitted; in turn, how many of those have been taken
  Array<Step, Exec> first_not_finite_;
  Array<Spike, Exec> records_;
  std::uint32_t turn_ = 0;
  StagingArray<std::uint32_t, Exec> counters_host_{"ranvier::spikes::counters::host", 3};
  StagingArray<Step, Exec> first_not_finite_host_{"ranvier::first_not_finite::host", 1};
  StagingArray<Spike, Exec> records_host_;
};

}  // namespace ranvier
