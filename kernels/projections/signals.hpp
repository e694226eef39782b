#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "kernels/populations/lanes.hpp"

/// Continuous coupling: a state of the neurons of one population, summed over them, drives receptors of others. Its cost is
/// one sum over the source population and one number per step, not one per pair.
namespace ranvier {

/// A state that a population sends. It has a range: the fixed-point sum over all neurons cannot overflow.
struct SignalPlan {
  std::size_t population = 0;
  std::string variable;  ///< as in the config: `V_m` or `receptor.state`
  double min = 0.0, max = 1.0;
  int exponent = 0;  ///< a value x counts as the integer nearest to 2^exponent x
};

/// The finest scale at which no value needs more bits than a double's fraction and no sum over `neurons` more than 62.
inline int signal_exponent(double min, double max, std::uint64_t neurons) {
  constexpr int value_bits = 50, sum_bits = 62;
  int one = 0, all = 0;
  const double largest = std::max(std::abs(min), std::abs(max));
  std::frexp(largest, &one);  // largest < 2^one
  std::frexp(largest * static_cast<double>(neurons), &all);
  return std::min(value_bits - one, sum_bits - all);
}

/// Adds up one signal over the neurons of this rank at the end of each step, into sums[step % interval].
template <class Exec, class Real>
class SumSignal : public StepKernel<Exec> {
 public:
  /// A value in fixed point. What rounding took beyond the range is brought back: the bound on the sum must hold.
  struct ToFixed {
    const Real* values;
    Real min, max;
    double scale;

    RANVIER_INLINE std::int64_t operator()(std::size_t i) const {
      const Real x = values[i];
      const Real bounded = x >= min ? (x <= max ? x : max) : min;
      return static_cast<std::int64_t>(std::floor(static_cast<double>(bounded) * scale + 0.5));
    }
  };

  SumSignal(const SignalPlan& plan, const TileArray<Exec>& tiles, const Array<Real, Exec>& values,
            const Array<std::int64_t, Exec>& sums)
      : tiles_(tiles),
        values_(values),
        sums_(sums),
        to_fixed_{values.data(), static_cast<Real>(plan.min), static_cast<Real>(plan.max),
                  std::ldexp(1.0, plan.exponent)} {}

  void run_tile(const Tile& tile, Step step) const override {
    const ToFixed to_fixed = to_fixed_;
    const std::size_t begin = tile.first, end = begin + tile.count;
    std::int64_t sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += to_fixed(i);
    Kokkos::atomic_add(sums_.data() + slot(step), sum);
  }

  /// Threads share out the lanes of a population and add what each has found.
  struct Lanes {
    ToFixed to_fixed;
    const Tile* tiles;
    std::int64_t* sum;
    std::uint32_t lanes, threads;
    KOKKOS_FUNCTION void operator()(std::size_t thread) const {
      std::int64_t mine = 0;
      for (std::size_t i = thread; i < lanes; i += threads) {
        const Tile t = tiles[i / tile_lanes];
        mine += i - t.first < t.count ? to_fixed(i) : 0;
      }
      Kokkos::atomic_add(sum, mine);
    }
  };

  void launch_steps(Step first, int steps) const override {
    constexpr std::uint32_t most_threads = 4096;
    const std::uint32_t threads = std::min(most_threads, tiles_.padded);
    for (Step step = first; step < first + steps; ++step)
      launch<Exec>("ranvier::signal::sum", threads,
                   Lanes{to_fixed_, tiles_.tiles.data(), sums_.data() + slot(step), tiles_.padded, threads});
  }

 private:
  std::size_t slot(Step step) const { return static_cast<std::size_t>(step) % sums_.extent(0); }

  TileArray<Exec> tiles_;
  Array<Real, Exec> values_;
  Array<std::int64_t, Exec> sums_;
  ToFixed to_fixed_;
};

}  // namespace ranvier
