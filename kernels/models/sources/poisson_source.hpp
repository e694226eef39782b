#pragma once
#include "kernels/models/inputs/currents.hpp"
#include "kernels/populations/lanes.hpp"
#include "kernels/populations/storage.hpp"
#include "kernels/random/poisson_counts.hpp"

namespace ranvier {

/// A population whose neurons each emit a Poisson process; several spikes of a step travel as one record.
template <class Exec, class Real>
class PoissonSource : public Population<Exec, Real> {
 public:
  static ModelInfo info() {
    ModelInfo m;
    m.name = "poisson";
    m.doc = "Source of Poisson spikes, an independent process for each neuron";
    m.equations = {"the number of spikes in a step is Poisson with mean rate dt"};
    m.fields = {{"rate", unit::Hz, 0.0, range::non_negative, Role::parameter, "rate per neuron", Form::constant, true}};
    add_window_fields(m);
    return m;
  }

  static std::unique_ptr<Population<Exec, Real>> make(const PopulationPlan& plan, const Machine<Exec, Real>& machine) {
    return std::make_unique<PoissonSource>(plan, machine);
  }

  static double most_spikes(const PopulationPlan& plan, double dt) {
    return PoissonThresholds(mean_count(value_or(plan.parameters, "rate", 0, 0.0), dt)).max_count();
  }

  PoissonSource(const PopulationPlan& plan, const Machine<Exec, Real>& machine)
      : label_("ranvier::update::" + plan.layout.name),
        count_(plan.layout.count),
        local0_(plan.layout.local0),
        start_(grid_step(value_or(plan.parameters, "start", 0, 0.0), machine.dt)),
        stop_(grid_step(value_or(plan.parameters, "stop", 0, std::numeric_limits<double>::infinity()), machine.dt)),
        process_(mean_count(value_or(plan.parameters, "rate", 0, 0.0), machine.dt), plan.source_key, plan.layout.first),
        spikes_(machine.spikes) {}

  struct Emit {
    typename PoissonProcess<Exec>::Draw draw;
    SpikeBuffer spikes;
    std::uint32_t local0;
    Step begin, end, interval_first;
    KOKKOS_FUNCTION void operator()(std::size_t i) const {
      for (Step step = begin; step < end; ++step) {
        const std::uint32_t count = draw.count(i, step);
        if (count > 0) spikes.emit(static_cast<std::uint32_t>(local0 + i), step - interval_first, count);
      }
    }
  };

  void update(Step first, int steps, Step interval_first) override {
    const Step begin = std::max(first, start_ + 1), end = std::min(first + steps, stop_ + 1);
    if (begin < end) launch<Exec>(label_, count_, Emit{process_.draw(), spikes_, local0_, begin, end, interval_first});
  }

  std::vector<StateArray<Exec, Real>> states() const override { return {}; }
  std::size_t bytes() const override { return process_.bytes(); }

 private:
  std::string label_;
  std::uint32_t count_, local0_;
  Step start_, stop_;
  PoissonProcess<Exec> process_;
  SpikeBuffer spikes_;
};

}  // namespace ranvier
