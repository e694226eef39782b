#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "kernels/populations/lanes.hpp"
#include "kernels/populations/machine.hpp"
#include "kernels/space/launch.hpp"

/// What the neurons of a rank carry from one step to the next, out of the memory of a space and back.
namespace ranvier {

/// Takes the values of some lanes out of an array.
template <class Real>
struct GatherLanes {
  const Real* lanes;
  const std::uint32_t* chosen;
  Real* values;

  KOKKOS_FUNCTION void operator()(std::size_t i) const { values[i] = lanes[chosen[i]]; }
};

/// Reads the same lanes again and again: on a device they are gathered there, so that no others are copied to the host.
template <class Exec, class Real>
class LaneReader {
 public:
  void operator()(const Array<Real, Exec>& lanes, std::span<const std::uint32_t> chosen, double* out) {
    if constexpr (is_host<Exec>) {
      Exec().fence();
      for (std::size_t i = 0; i < chosen.size(); ++i) out[i] = static_cast<double>(lanes(chosen[i]));
    } else {
      if (!std::equal(chosen.begin(), chosen.end(), chosen_.begin(), chosen_.end())) choose(chosen);
      launch<Exec>("ranvier::gather_lanes", chosen.size(),
                   GatherLanes<Real>{lanes.data(), chosen_on_device_.data(), values_.data()});
      Kokkos::deep_copy(Exec(), values_host_, values_);
      Exec().fence();
      for (std::size_t i = 0; i < chosen.size(); ++i) out[i] = static_cast<double>(values_host_(i));
    }
  }

 private:
  void choose(std::span<const std::uint32_t> chosen) {
    chosen_.assign(chosen.begin(), chosen.end());
    chosen_on_device_ = to_space<Exec>(HostArray<std::uint32_t>(chosen_.data(), chosen_.size()));
    values_ = Array<Real, Exec>(Kokkos::view_alloc("ranvier::gathered", Kokkos::WithoutInitializing), chosen_.size());
    values_host_ = StagingArray<Real, Exec>("ranvier::gathered::host", chosen_.size());
  }

  std::vector<std::uint32_t> chosen_;
  Array<std::uint32_t, Exec> chosen_on_device_;
  Array<Real, Exec> values_;
  StagingArray<Real, Exec> values_host_;
};

/// Values of a state of the first `values.size()` lanes.
template <class Exec, class Real>
void read_lanes(const Array<Real, Exec>& lanes, std::span<double> values) {
  const auto host = Kokkos::create_mirror_view(Kokkos::HostSpace{}, lanes);
  Kokkos::deep_copy(Exec(), host, lanes);
  Exec().fence();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(host(i));
}

/// Padding repeats the last neuron, as it does when a network is built.
template <class Exec, class Real>
void write_lanes(const Array<Real, Exec>& lanes, std::span<const double> values) {
  HostArray<Real> host(Kokkos::view_alloc("ranvier::state::host", Kokkos::WithoutInitializing), lanes.extent(0));
  for (std::size_t i = 0; i < host.extent(0); ++i) host(i) = static_cast<Real>(values[std::min(i, values.size() - 1)]);
  Kokkos::deep_copy(Exec(), lanes, host);
  Exec().fence();
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
  if (!to_ring) Kokkos::deep_copy(Exec(), host, values);
  Exec().fence();
}

}  // namespace ranvier
