#pragma once
#include <algorithm>

#include "kernels/populations/population.hpp"
#include "kernels/space/launch.hpp"

namespace ranvier {

/// A population that emits given spikes.
template <class Exec, class Real>
class SpikeTimes : public Population<Exec, Real> {
 public:
  static ModelInfo info() {
    ModelInfo m;
    m.name = "spike_times";
    m.doc = "Source of spikes at given times, rounded to the grid";
    m.fields = {{"times", unit::ms, 0.0, range::positive, Role::parameter,
                 "a list for all neurons, a list of lists, one per neuron, or a SONATA spike file", Form::times, true}};
    return m;
  }

  static std::unique_ptr<Population<Exec, Real>> make(const PopulationPlan& plan, const Machine<Exec, Real>& machine) {
    return std::make_unique<SpikeTimes>(plan, machine);
  }

  static double most_spikes(const PopulationPlan& plan, double) {
    double most = 1.0;
    for (const auto& steps : plan.spike_steps) most = std::max(most, most_in_one_step(steps));
    return most;
  }

  SpikeTimes(const PopulationPlan& plan, const Machine<Exec, Real>& machine)
      : label_("ranvier::update::" + plan.layout.name), local0_(plan.layout.local0), spikes_(machine.spikes) {
    struct Event {
      Step step;
      std::uint32_t neuron;
      bool operator<(const Event& e) const { return step != e.step ? step < e.step : neuron < e.neuron; }
    };
    std::vector<Event> events;
    for (std::uint32_t i = 0; i < plan.spike_steps.size(); ++i)
      for (const Step step : plan.spike_steps[i]) events.push_back({step, i});
    std::sort(events.begin(), events.end());
    // Spikes of one neuron in one step become one record.
    std::vector<std::uint32_t> neurons, multiplicities;
    for (std::size_t n = 0; n < events.size(); ++n) {
      if (n > 0 && !(events[n - 1] < events[n])) {
        ++multiplicities.back();
        continue;
      }
      steps_.push_back(events[n].step);
      neurons.push_back(events[n].neuron);
      multiplicities.push_back(1);
    }
    neurons_ = to_space<Exec>(host_array("ranvier::spike_times::neurons", neurons));
    multiplicities_ = to_space<Exec>(host_array("ranvier::spike_times::multiplicities", multiplicities));
    steps_device_ = to_space<Exec>(host_array("ranvier::spike_times::steps", steps_));
  }

  struct Emit {
    const Step* steps;
    const std::uint32_t *neurons, *multiplicities;
    SpikeBuffer spikes;
    std::uint32_t local0;
    Step interval_first;
    KOKKOS_FUNCTION void operator()(std::size_t n) const {
      spikes.emit(local0 + neurons[n], steps[n] - interval_first, multiplicities[n]);
    }
  };

  void update(Step first, int steps, Step interval_first) override {
    const auto begin = std::lower_bound(steps_.begin(), steps_.end(), first);
    const auto end = std::lower_bound(begin, steps_.end(), first + steps);
    const auto skip = begin - steps_.begin();
    launch<Exec>(label_, static_cast<std::size_t>(end - begin),
                 Emit{steps_device_.data() + skip, neurons_.data() + skip, multiplicities_.data() + skip, spikes_,
                      local0_, interval_first});
  }

  std::vector<StateArray<Exec, Real>> states() const override { return {}; }
  std::size_t bytes() const override {
    return steps_device_.span() * sizeof(Step) + (neurons_.span() + multiplicities_.span()) * sizeof(std::uint32_t);
  }

 private:
  std::string label_;
  std::uint32_t local0_;
  std::vector<Step> steps_;
  Array<Step, Exec> steps_device_;
  Array<std::uint32_t, Exec> neurons_, multiplicities_;
  SpikeBuffer spikes_;
};

}  // namespace ranvier
