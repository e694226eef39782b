#pragma once
#include <algorithm>

#include "core/base/error.hpp"
#include "kernels/math/math.hpp"
#include "kernels/models/inputs/poisson_input.hpp"

namespace ranvier {

/// Rates drawn from a normal distribution, each held for a number of steps. A rate belongs to the input and not to a neuron.
struct RateDraws {
  double mean, std;  ///< Hz
  double dt;         ///< ms
  Step start, hold;
  Key key;

  /// No 53-bit number has a quantile beyond this.
  static constexpr double largest_quantile = 8.3;

  Step number(Step step) const { return (step - start - 1) / hold; }
  /// The last step with the rate of this one.
  Step last(Step step) const { return start + (number(step) + 1) * hold; }

  /// Mean number of spikes in the step.
  double mean_count_at(Step step) const {
    constexpr std::uint64_t no_neuron = ~std::uint64_t{0};  // the counts of neurons use the same key
    const Words words = philox(key, no_neuron, static_cast<std::uint64_t>(number(step)));
    const double rate = mean + std * math::normal_quantile(uniform53(words.w[0], words.w[1]));
    return mean_count(std::max(0.0, rate), dt);
  }
};

/// Thresholds of a Poisson distribution that travel with a kernel.
struct SmallPoissonTable {
  static constexpr double largest_mean = 20.0;
  static constexpr std::uint32_t capacity = 80;  // counts within 2^-32 of largest_mean span fewer
  std::uint32_t thresholds[capacity];
  std::uint32_t size = 0, first = 0;

  explicit SmallPoissonTable(double mean) {
    const PoissonThresholds built(mean);
    size = std::min(capacity, static_cast<std::uint32_t>(built.thresholds().size()));
    first = built.first();
    std::copy_n(built.thresholds().begin(), size, thresholds);
  }
  RANVIER_INLINE PoissonTable table() const { return {thresholds, size, first}; }
};

/// Poisson spikes whose rate changes. A table is made where it is used: one costs less than the draws of one tile.
template <class Exec, class Real, class Reach>
class DepositNoisyPoisson : public StepKernel<Exec> {
 public:
  using Lanes = PoissonLanes<Exec, Real, Reach>;
  using Sum = typename Lanes::Sum;

  DepositNoisyPoisson(const PopulationPlan& plan, const InputPlan& input, const Machine<Exec, Real>& machine,
                      Reach reach, Array<Sum, Exec> owner, const RateDraws& rates)
      : tiles_(plan.layout),
        owner_(std::move(owner)),
        rates_(rates),
        lanes_{{PoissonTable{}, input.key, plan.layout.first},
               machine.ring.data(),
               reach,
               static_cast<Sum>(input.weight),
               input.receptor,
               machine.slots,
               input.start,
               input.stop} {}

  void run_tile(const Tile& tile, Step step) const override {
    for_each_rate(step, [&](Lanes lanes, const SmallPoissonTable& table) {
      lanes.draw.table = table.table();
      lanes.tile(tile, step);
    });
  }

  /// Device: the lanes with a table of their own.
  struct WithTable {
    Lanes lanes;
    SmallPoissonTable table;
    const Tile* tiles;
    Step step;
    KOKKOS_FUNCTION void operator()(std::size_t i) const {
      Lanes with = lanes;
      with.draw.table = table.table();
      with.lane(tiles[i / tile_lanes], i, step);
    }
  };

  void launch_steps(Step first, int steps) const override {
    for (Step step = first; step < first + steps; ++step)
      for_each_rate(step, [&](const Lanes& lanes, const SmallPoissonTable& table) {
        launch<Exec>("ranvier::input::noisy_poisson", tiles_.padded,
                     WithTable{lanes, table, tiles_.tiles.data(), step});
      });
  }

  bool adds_to_ring_only() const override { return true; }

  std::size_t bytes() const override { return owner_.span() * sizeof(Sum); }

 private:
  /// Calls f for each stretch with one rate of the four steps from `step` on, if these begin a group; mostly there is one.
  template <class F>
  void for_each_rate(Step step, F&& f) const {
    if (!lanes_.begins_group(step)) return;
    const Step end = std::min(step + poisson_group - 1, lanes_.stop);
    for (Step first = std::max(step, lanes_.start + 1); first <= end;) {
      Lanes lanes = lanes_;
      lanes.start = first - 1;
      lanes.stop = std::min(end, rates_.last(first));
      f(lanes, SmallPoissonTable(rates_.mean_count_at(first)));
      first = lanes.stop + 1;
    }
  }

  TileArray<Exec> tiles_;
  Array<Sum, Exec> owner_;
  RateDraws rates_;
  Lanes lanes_;
};

template <class Exec, class Real>
struct NoisyPoisson {
  static constexpr bool is_current = false;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "noisy_poisson";
    m.doc = "Poisson spikes, a process of its own for each neuron, at a common rate that is drawn anew at intervals";
    m.equations = {"rate(t) = max(0, rate + std N(0, 1)), drawn from `start` on and held for `dt`",
                   "one rate for all neurons of a population that the input reaches"};
    m.source = "the stimulus of Wang 2002";
    m.fields = {
        {"rate", unit::Hz, 0.0, range::non_negative, Role::parameter, "mean rate per neuron", Form::constant, true},
        {"std", unit::Hz, 0.0, range::non_negative, Role::parameter, "standard deviation of the rate", Form::constant,
         true},
        {"dt", unit::ms, 50.0, range::positive, Role::parameter, "time for which a rate is held, whole steps",
         Form::constant},
        {"weight", unit::one, 1.0, range::any, Role::parameter, "in the unit of the receptor", Form::constant}};
    add_window_fields(m);
    return m;
  }

  /// UsageError where a step could bring more spikes than the table has room for.
  static double max_count(const InputPlan& input, double dt) {
    const auto& p = input.parameters;
    const double largest = mean_count(p.at("rate") + RateDraws::largest_quantile * p.at("std"), dt);
    if (largest > SmallPoissonTable::largest_mean)
      throw UsageError(
          "noisy_poisson: rate + 8.3 std is more than 20 spikes in a step; share them among several inputs");
    return PoissonThresholds(largest).max_count();
  }

  static std::unique_ptr<StepKernel<Exec>> make(const PopulationPlan& plan, const InputPlan& input,
                                                const Machine<Exec, Real>& machine, const Scratch<Real>&,
                                                Attachments<Exec, Real>&) {
    const auto& p = input.parameters;
    const auto hold = std::max<Step>(1, static_cast<Step>(p.at("dt") / machine.dt + 0.5));
    const RateDraws rates{p.at("rate"), p.at("std"), machine.dt, input.start, hold, input.key};
    const Selection<Exec, Accumulator<Real>> selection(input, plan.layout.padded());
    return selection.visit([&](auto reach, const auto& owner) -> std::unique_ptr<StepKernel<Exec>> {
      return std::make_unique<DepositNoisyPoisson<Exec, Real, decltype(reach)>>(plan, input, machine, reach, owner,
                                                                                rates);
    });
  }
};

}  // namespace ranvier
