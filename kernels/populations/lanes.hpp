#pragma once
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "kernels/populations/constants.hpp"
#include "kernels/populations/machine.hpp"
#include "kernels/space/launch.hpp"

/// Work that is done lane by lane in every step: receptors, inputs. On the host a tile at a time, so that its arrays stay
/// in the first-level cache from one kernel to the next; on a device one launch for the whole population.
namespace ranvier {

/// One population's tiles where the kernels can read them.
template <class Exec>
struct TileArray {
  Array<Tile, Exec> tiles;
  std::uint32_t padded = 0;  ///< lanes of the whole population

  TileArray() = default;
  explicit TileArray(const PopulationLayout& layout)
      : tiles(to_space<Exec>(host_array("ranvier::tiles", layout.tiles))), padded(layout.padded()) {}
};

template <class Exec>
class StepKernel {
 public:
  virtual ~StepKernel() = default;
  /// Host spaces only: the lanes of one tile, for step `step`.
  virtual void run_tile(const Tile& tile, Step step) const = 0;
  /// All lanes, for the steps [first, first + steps).
  virtual void launch_steps(Step first, int steps) const = 0;
  /// Whether all it does is to add to the ring: then it may run through many steps before the membranes do.
  virtual bool adds_to_ring_only() const { return false; }
  virtual std::size_t bytes() const { return 0; }
};

template <class Lanes>
struct LaunchLanes {
  Lanes lanes;
  const Tile* tiles;
  std::uint32_t slot;
  Step step;

  KOKKOS_FUNCTION void operator()(std::size_t i) const { lanes.lane(tiles[i / tile_lanes], i, slot, step); }
};

/// A StepKernel from a functor that lives on the host. Its `lanes(step)` is an optional plain struct, empty where there is
/// nothing to do in this step, with `lane(tile, i, slot, step)`, the work on lane i of the population; `slot` is the slot
/// of the ring that belongs to the step.
template <class Exec, class Functor>
class LaneKernel : public StepKernel<Exec> {
 public:
  LaneKernel(std::string label, TileArray<Exec> tiles, std::uint32_t slots, Functor functor)
      : label_(std::move(label)), tiles_(std::move(tiles)), slots_(slots), functor_(std::move(functor)) {}

  void run_tile(const Tile& tile, Step step) const override {
    if constexpr (is_host<Exec>) {
      const auto prepared = functor_.lanes(step);
      if (!prepared) return;
      const auto slot = static_cast<std::uint32_t>(step % slots_);
      const std::size_t begin = tile.first, end = begin + tile.padded;
      if constexpr (requires { prepared->constants; }) {
        ChunkConstants<std::remove_cvref_t<decltype(prepared->constants)>> constants(prepared->constants);
        for (std::size_t chunk = begin; chunk < end; chunk += chunk_lanes)
          run_lanes(prepared->with(constants.in_chunk(chunk)), tile, chunk, chunk + chunk_lanes, slot, step);
      } else {
        run_lanes(*prepared, tile, begin, end, slot, step);
      }
    }
  }

  void launch_steps(Step first, int steps) const override {
    for (Step step = first; step < first + steps; ++step) {
      const auto lanes = functor_.lanes(step);
      if (!lanes) continue;
      using Lanes = std::remove_cvref_t<decltype(*lanes)>;
      launch<Exec>(label_, tiles_.padded,
                   LaunchLanes<Lanes>{*lanes, tiles_.tiles.data(), static_cast<std::uint32_t>(step % slots_), step});
    }
  }

  bool adds_to_ring_only() const override {
    return requires { Functor::adds_to_ring_only; };
  }

  std::size_t bytes() const override { return functor_.bytes(); }

 private:
  /// Copies of what it reads: see UpdateTile.
  template <class Lanes>
  static void run_lanes(const Lanes lanes, const Tile t, std::size_t begin, std::size_t end, std::uint32_t slot,
                        Step step) {
    RANVIER_SIMD
    for (std::size_t i = begin; i < end; ++i) lanes.lane(t, i, slot, step);
  }

  std::string label_;
  TileArray<Exec> tiles_;
  std::uint32_t slots_;
  Functor functor_;
};

/// A functor whose lanes have something to do in every step.
template <class Lanes>
struct EveryStep {
  Lanes work;
  std::optional<Lanes> lanes(Step) const { return work; }
  std::size_t bytes() const { return 0; }
};

}  // namespace ranvier
