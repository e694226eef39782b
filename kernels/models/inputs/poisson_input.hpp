#pragma once
#include "kernels/models/inputs/flows.hpp"
#include "kernels/models/inputs/lanes_selected.hpp"
#include "kernels/populations/lanes.hpp"
#include "kernels/random/poisson_counts.hpp"

namespace ranvier {

/// The spikes that one group of four steps brings to a lane, into the ring ahead of their time, which has room for that.
template <class Exec, class Real, class Reach>
struct PoissonLanes {
  using Sum = Accumulator<Real>;
  typename PoissonProcess<Exec>::Draw draw;
  Sum* ring;
  Reach reach;
  Sum weight;
  std::uint32_t receptor, slots;
  Step start, stop;

  /// Device: the four steps from `step` on.
  RANVIER_INLINE void lane(const Tile& t, std::size_t i, Step step) const {
    const Words words = philox(draw.key, draw.first + i, static_cast<std::uint64_t>((step - 1) / poisson_group));
    for (Step q = 0; q < poisson_group; ++q)
      if (acts_in(step + q))
        ring[t.port_at(slot(step + q), receptor, i)] += weight * static_cast<Sum>(draw.table(words.w[q])) * reach.at(i);
  }

  /// Host: the same for all lanes of a tile.
  void tile(const Tile& t, Step step) const {
    const auto group = static_cast<std::uint64_t>((step - 1) / poisson_group);
    for (std::size_t begin = t.first; begin < std::size_t{t.first} + t.padded; begin += chunk_lanes) {
      alignas(64) std::uint32_t counts[poisson_group][chunk_lanes];
      draw.chunk(begin, group, counts);
      for (Step q = 0; q < poisson_group; ++q) {
        if (!acts_in(step + q)) continue;
        Sum* sums = ring + t.port_at(slot(step + q), receptor, begin);
        RANVIER_SIMD
        for (std::size_t i = 0; i < chunk_lanes; ++i)
          sums[i] += weight * static_cast<Sum>(counts[q][i]) * reach.at(begin + i);
      }
    }
  }

  /// Whether something is to be done at `step`: the first of a group that is not past.
  bool begins_group(Step step) const {
    return (step - 1) % poisson_group == 0 && step + poisson_group - 1 > start && step <= stop;
  }
  RANVIER_INLINE bool acts_in(Step step) const { return step > start && step <= stop; }
  RANVIER_INLINE std::uint32_t slot(Step step) const { return static_cast<std::uint32_t>(step % slots); }
};

/// Poisson spikes to every neuron, a process of its own for each.
template <class Exec, class Real, class Reach>
class DepositPoisson : public StepKernel<Exec> {
 public:
  using Lanes = PoissonLanes<Exec, Real, Reach>;
  using Sum = typename Lanes::Sum;

  DepositPoisson(const PopulationPlan& plan, const InputPlan& input, const Machine<Exec, Real>& machine, Reach reach,
                 Array<Sum, Exec> owner)
      : tiles_(plan.layout),
        owner_(std::move(owner)),
        process_(mean_count(input.parameters.at("rate"), machine.dt), input.key, plan.layout.first),
        lanes_{process_.draw(), machine.ring.data(), reach,       static_cast<Sum>(input.weight),
               input.receptor,  machine.slots,       input.start, input.stop} {}

  void run_tile(const Tile& tile, Step step) const override {
    const Lanes lanes = lanes_;
    if (lanes.begins_group(step)) lanes.tile(tile, step);
  }

  /// Device: all groups that begin in the steps of a launch.
  struct Launch {
    Lanes lanes;
    const Tile* tiles;
    Step begin, end;  ///< the first begins a group
    KOKKOS_FUNCTION void operator()(std::size_t i) const {
      for (Step step = begin; step < end; step += poisson_group) lanes.lane(tiles[i / tile_lanes], i, step);
    }
  };

  void launch_steps(Step first, int steps) const override {
    Step begin = first, end = first + steps;
    while (begin < end && !lanes_.begins_group(begin)) ++begin;
    while (begin < end && !lanes_.begins_group(end - 1)) --end;
    if (begin < end)
      launch<Exec>("ranvier::input::poisson", tiles_.padded, Launch{lanes_, tiles_.tiles.data(), begin, end});
  }

  bool adds_to_ring_only() const override { return true; }

  std::size_t bytes() const override { return process_.bytes() + owner_.span() * sizeof(Sum); }

 private:
  TileArray<Exec> tiles_;
  Array<Sum, Exec> owner_;
  PoissonProcess<Exec> process_;
  Lanes lanes_;
};

template <class Exec, class Real>
struct PoissonInput {
  static constexpr bool is_current = false;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "poisson";
    m.doc = "Poisson spikes, a process of its own for each neuron";
    m.equations = {"the number of spikes in a step is Poisson with mean rate dt"};
    m.fields = {{"rate", unit::Hz, 0.0, range::non_negative, Role::parameter, "rate per neuron", Form::constant, true},
                {"weight", unit::one, 1.0, range::any, Role::parameter, "in the unit of the receptor", Form::constant}};
    add_window_fields(m);
    return m;
  }

  static double max_count(const InputPlan& input, double dt) {
    return PoissonThresholds(mean_count(input.parameters.at("rate"), dt)).max_count();
  }

  static std::unique_ptr<StepKernel<Exec>> make(const PopulationPlan& plan, const InputPlan& input,
                                                const Machine<Exec, Real>& machine, const Scratch<Real>&,
                                                Attachments<Exec, Real>&) {
    const Selection<Exec, Accumulator<Real>> selection(input, plan.layout.padded());
    return selection.visit([&](auto reach, const auto& owner) -> std::unique_ptr<StepKernel<Exec>> {
      return std::make_unique<DepositPoisson<Exec, Real, decltype(reach)>>(plan, input, machine, reach, owner);
    });
  }
};

}  // namespace ranvier
