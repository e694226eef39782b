#pragma once
#include <algorithm>
#include <map>
#include <numeric>
#include <stdexcept>

#include "kernels/engine/engine.hpp"
#include "kernels/engine/engine_state.hpp"
#include "kernels/engine/spike_inbox.hpp"
#include "kernels/engine/spike_store.hpp"
#include "kernels/projections/signal_sums.hpp"
#include "kernels/registry/registry.hpp"
#include "kernels/space/large_array.hpp"

namespace ranvier {

/// The least index of a value that is infinite or not a number.
template <class Real>
struct FindNonFinite {
  const Real* values;
  KOKKOS_FUNCTION void operator()(std::size_t i, std::uint32_t& least) const {
    const bool finite = values[i] - values[i] == Real(0);
    if (!finite && i < least) least = static_cast<std::uint32_t>(i);
  }
};

template <class Exec, class Real>
class EngineOn : public Engine {
 public:
  EngineOn(RankNetwork<Real> network, const Registry& models)
      : layout_(network.layout),
        emitted_(layout_),
        inbox_(network.sources),
        signals_(network.signals, network.longest_signal_delay, layout_.interval) {
    machine_.ring = large_array<Accumulator<Real>, Exec>("ranvier::ring", layout_.ring_elements);
    Kokkos::deep_copy(Exec(), machine_.ring, Accumulator<Real>(0));
    machine_.spikes = emitted_.buffer();
    machine_.slots = layout_.slots;
    machine_.dt = network.dt;
    machine_.signals = signals_.history();
    machine_.models = &models;
    machine_.layout = &layout_;
    for (const PopulationPlan& plan : network.populations) populations_.push_back(make_population(plan, models));
    signals_.observe(populations_, layout_);
    for (ProjectionPlan<Real>& plan : network.projections) add_projection(std::move(plan), models);
    if constexpr (!is_host<Exec>) update_together();
    Exec().fence();
  }

  void begin_spikes(Step first) override {
    spikes_first_ = first;
    emitted_.begin();
  }
  int most_intervals() const override { return emitted_.intervals(); }

  void update(Step first, int steps) override {
    for (int done = 0; done < steps;) {
      const Step step = first + done;
      const int stride = act_before(step, steps - done);
      for (const auto& population : populations_)
        if (population) population->prepare(step, stride);
      for (const auto& population : populations_)
        if (population) population->update(step, stride, spikes_first_);
      done += stride;
    }
  }

  bool acts_after_interval() const override {
    return std::any_of(projections_.begin(), projections_.end(),
                       [](const auto& projection) { return projection->rhythm().after_interval; });
  }
  void end_interval(Step first, int steps) override {
    const SpikeList own = is_host<Exec> ? emitted_.in_host_memory() : emitted_.look_on_device();
    for (const auto& projection : projections_)
      if (projection->rhythm().after_interval) projection->after_interval(own, first, steps);
  }

  MemorySpace spike_space() const override { return is_host<Exec> ? MemorySpace::host : MemorySpace::device; }
  SpikeList emitted(MemorySpace where) override {
    if (where == MemorySpace::host) return emitted_.in_host_memory();
    if (is_host<Exec>) throw std::logic_error("this engine makes its spikes in host memory");
    return emitted_.on_device();
  }

  void deliver(const SpikeList& spikes, Step first) override {
    if (spikes.end == nullptr && spikes.count == 0) return;
    const ArrivingSpikes<Exec> arriving = inbox_(spikes);
    for (const auto& projection : projections_) projection->deliver(arriving, first);
  }

  void begin_signals() override { signals_.begin_interval(); }
  void sum_initial_signals() override { signals_.sum_initial(); }
  std::span<std::int64_t> signals(Step first) override { return signals_.collect(first); }
  void receive_signals(Step first, int steps) override { signals_.record(first, steps); }

  void read_state(std::size_t population, const std::string& variable, std::span<const std::uint32_t> neurons,
                  double* out) override {
    if (neurons.empty()) return;
    for (const auto& state : populations_.at(population)->states()) {
      if (state.name != variable) continue;
      readers_[{population, variable}](state.values, neurons, out);
      return;
    }
    throw std::out_of_range("no state variable " + variable);
  }

  std::vector<std::string> state_names(std::size_t population) const override {
    std::vector<std::string> names;
    if (const auto& neurons = populations_.at(population))
      for (const auto& state : neurons->states()) names.push_back(state.name);
    return names;
  }
  void save_state(std::size_t population, std::size_t state, std::span<double> values) override {
    if (!values.empty()) read_lanes<Exec, Real>(populations_.at(population)->states().at(state).values, values);
  }
  void restore_state(std::size_t population, std::size_t state, std::span<const double> values) override {
    if (!values.empty()) write_lanes<Exec, Real>(populations_.at(population)->states().at(state).values, values);
  }

  /// The slot of a step that is past is the one of a step so far ahead.
  Step steps_ahead() const override { return static_cast<Step>(layout_.slots) - 1; }
  void save_arrivals(std::size_t population, std::uint32_t receptor, Step first,
                     std::span<std::int64_t> sums) override {
    copy_arrivals(machine_, layout_.populations.at(population), receptor, first, sums, false);
  }
  void restore_arrivals(std::size_t population, std::uint32_t receptor, Step first,
                        std::span<const std::int64_t> sums) override {
    std::vector<std::int64_t> copy(sums.begin(), sums.end());
    copy_arrivals(machine_, layout_.populations.at(population), receptor, first, copy, true);
  }

  std::vector<std::vector<std::int64_t>> save_signals(Step step) const override { return signals_.save(step); }
  void restore_signals(Step step, const std::vector<std::vector<std::int64_t>>& sums) override {
    signals_.restore(step, sums);
  }

  std::vector<std::string> unsaved_synapses() const override {
    std::vector<std::string> names;
    for (std::size_t p = 0; p < projections_.size(); ++p)
      if (!projections_[p]->states().empty()) names.push_back(synapse_models_[p]);
    return names;
  }

  std::optional<BadState> find_non_finite() override {
    for (std::size_t p = 0; p < populations_.size(); ++p) {
      if (!populations_[p]) continue;
      for (const auto& state : populations_[p]->states()) {
        const std::uint32_t count = layout_.populations[p].count;
        std::uint32_t first = count;
        Kokkos::parallel_reduce("ranvier::find_non_finite", Kokkos::RangePolicy<Exec>(0, count),
                                FindNonFinite<Real>{state.values.data()}, Kokkos::Min<std::uint32_t>(first));
        if (first < count) return BadState{p, first, state.name};
      }
    }
    return std::nullopt;
  }

  std::optional<Step> first_non_finite() const override {
    const Step first = emitted_.first_not_finite();
    return first == never ? std::nullopt : std::optional<Step>(first);
  }

  void fence() override { Exec().fence(); }

  EngineBytes bytes() const override {
    EngineBytes b;
    for (const auto& projection : projections_) {
      const ProjectionBytes of = projection->bytes();
      b.synapses += of.synapses;
      b.rows += of.rows;
    }
    b.rings = machine_.ring.span() * sizeof(Accumulator<Real>);
    b.emitted = emitted_.bytes();
    b.arriving = inbox_.bytes();
    for (const auto& population : populations_)
      if (population) b.state += population->bytes();
    b.state += signals_.bytes();
    return b;
  }

 private:
  /// Null where this rank has none of the neurons.
  std::unique_ptr<Population<Exec, Real>> make_population(const PopulationPlan& plan, const Registry& models) const {
    if (plan.layout.count == 0) return nullptr;
    const PopulationEntry& model = models.population(plan.model);
    const std::vector<std::string>& methods = model.info.integrators;
    if (!methods.empty() && std::find(methods.begin(), methods.end(), plan.integrator) == methods.end())
      throw std::logic_error("model '" + plan.model + "' has no integrator '" + plan.integrator + "'");
    auto made = model.template factory<Exec, Real>()(plan, machine_);
    if (!made) throw std::logic_error("model '" + plan.model + "' made no population");
    return made;
  }

  void add_projection(ProjectionPlan<Real> plan, const Registry& models) {
    synapse_models_.push_back(plan.synapse);
    const auto factory = models.synapse(plan.synapse).template factory<Exec, Real>();
    projections_.push_back(factory(std::move(plan), machine_));
    if (!projections_.back()) throw std::logic_error("model '" + synapse_models_.back() + "' made no projection");
  }

  void update_together() {
    for (std::size_t p = 0; p < populations_.size(); ++p)
      for (std::size_t q = 0; q < p; ++q)
        if (populations_[p] && populations_[q] && populations_[q]->take(*populations_[p])) break;
  }

  /// Lets projections act that have to before this step. Returns for how many steps, `most` at most, none has to again.
  int act_before(Step step, int most) {
    int free = most;
    for (const auto& projection : projections_) {
      const Step every = projection->rhythm().steps;
      if (every == 0) continue;
      if ((step - 1) % every == 0) projection->before_step(step);
      free = static_cast<int>(std::min<Step>(free, every - (step - 1) % every));
    }
    return free;
  }

  Layout layout_;
  Machine<Exec, Real> machine_;
  SpikeStore<Exec> emitted_;
  SpikeInbox<Exec> inbox_;
  std::vector<std::unique_ptr<Population<Exec, Real>>> populations_;
  std::vector<std::unique_ptr<Projection<Exec, Real>>> projections_;
  std::vector<std::string> synapse_models_;                                        ///< of the projections
  std::map<std::pair<std::size_t, std::string>, LaneReader<Exec, Real>> readers_;  ///< of the states that traces record
  Step spikes_first_ = 1;
  SignalSums<Exec, Real> signals_;
};

}  // namespace ranvier
