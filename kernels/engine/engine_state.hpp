#pragma once
#include <span>
#include <vector>

#include "kernels/populations/lanes.hpp"
#include "kernels/populations/machine.hpp"
#include "kernels/space/launch.hpp"

/// What the neurons of a rank carry from one step to the next, out of the memory of a space and back.
namespace ranvier {

/// Values of a state of the first `values.size()` lanes.
template <class Exec, class Real>
void read_lanes(const Array<Real, Exec>& lanes, std::span<double> values) {
  Kokkos::fence();
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, lanes);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(host(i));
}

/// Padding repeats the last neuron, as it does when a network is built.
template <class Exec, class Real>
void write_lanes(const Array<Real, Exec>& lanes, std::span<const double> values) {
  HostArray<Real> host(Kokkos::view_alloc("ranvier::state::host", Kokkos::WithoutInitializing), lanes.extent(0));
  for (std::size_t i = 0; i < host.extent(0); ++i) host(i) = static_cast<Real>(values[std::min(i, values.size() - 1)]);
  Kokkos::deep_copy(lanes, host);
}

/// Copies between the ring and rows of sums, [step][neuron of the population's share].
template <class Sum>
struct CopyArrivals {
  Sum* ring;
  const Tile* tiles;
  std::int64_t* sums;
  std::uint32_t receptor, slots, neurons;
  Step first;
  bool to_ring;

  KOKKOS_FUNCTION void operator()(std::size_t n) const {
    const std::size_t i = n % neurons;
    const Step step = first + static_cast<Step>(n / neurons);
    const std::uint64_t at = tiles[i / tile_lanes].port_at(static_cast<std::uint32_t>(step % slots), receptor, i);
    if (to_ring)
      ring[at] = static_cast<Sum>(sums[n]);
    else
      sums[n] = static_cast<std::int64_t>(ring[at]);
  }
};

template <class Exec, class Real>
void copy_arrivals(const Machine<Exec, Real>& machine, const PopulationLayout& share, std::uint32_t receptor,
                   Step first, std::span<std::int64_t> sums, bool to_ring) {
  if (sums.empty()) return;
  const HostArray<std::int64_t> host(sums.data(), sums.size());
  const Array<std::int64_t, Exec> values = to_space<Exec>(host);
  const TileArray<Exec> tiles(share);
  launch<Exec>("ranvier::copy_arrivals", sums.size(),
               CopyArrivals<Accumulator<Real>>{machine.ring.data(), tiles.tiles.data(), values.data(), receptor,
                                               machine.slots, share.count, first, to_ring});
  Kokkos::fence();
  if (!to_ring) Kokkos::deep_copy(host, values);
}

}  // namespace ranvier
