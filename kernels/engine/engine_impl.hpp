#pragma once
#include <algorithm>
#include <stdexcept>

#include "kernels/engine/engine.hpp"
#include "kernels/engine/engine_state.hpp"
#include "kernels/projections/deliver_on_device.hpp"
#include "kernels/projections/signal_sums.hpp"
#include "kernels/registry/registry.hpp"
#include "kernels/space/large_array.hpp"

namespace ranvier {

template <class Exec, class Real>
SourceTables<Exec, Real> to_device(const SourceTables<HostExec, Real>& host) {
  SourceTables<Exec, Real> out{host.population, host.slot0, host.slots, {}};
  for (const auto& t : host.tables)
    out.tables.push_back({t.rows, t.row0, t.constant_delay, t.constant_weight, t.delay, t.weight,
                          to_space<Exec>(t.first), to_space<Exec>(t.offsets), to_space<Exec>(t.index16),
                          to_space<Exec>(t.index32), to_space<Exec>(t.weights)});
  return out;
}

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
        intervals_(is_host<Exec> ? 1 : intervals_in_buffer(layout_)),
        counters_("ranvier::spikes::counters", 3),
        first_not_finite_("ranvier::first_not_finite", 1) {
    machine_.ring = large_array<Accumulator<Real>, Exec>("ranvier::ring", layout_.ring_elements);
    Kokkos::deep_copy(Exec(), machine_.ring, Accumulator<Real>(0));
    machine_.slots = layout_.slots;
    machine_.dt = network.dt;
    machine_.models = &models;
    first_not_finite_host_(0) = never;
    Kokkos::deep_copy(first_not_finite_, first_not_finite_host_);
    // Each neuron emits at most one record in a step, so this is enough for any interval.
    const std::size_t most = std::size_t{layout_.neurons} * layout_.interval * static_cast<std::size_t>(intervals_);
    records_ = Array<Spike, Exec>(Kokkos::view_alloc("ranvier::spikes", Kokkos::WithoutInitializing), most);
    machine_.spikes = {records_.data(), counters_.data(), first_not_finite_.data()};
    signals_ = SignalSums<Exec, Real>(network.signals, network.longest_signal_delay, layout_.interval);
    machine_.signals = signals_.history();
    for (PopulationPlan& plan : network.populations) {
      populations_.push_back(plan.layout.count == 0
                                 ? nullptr
                                 : models.population(plan.model).template factory<Exec, Real>()(plan, machine_));
    }
    signals_.observe(populations_, layout_);
    for (auto& source : network.sources) {
      sources_.push_back(to_device<Exec, Real>(source));
      source.tables.clear();  // one copy in memory, not two, where the space is not the host's
    }
    if constexpr (!is_host<Exec>) {
      update_together();
      delivery_ = DeviceDelivery<Exec, Real>(sources_, layout_.blocks);
    }
    Kokkos::fence();
  }

  void begin_interval(Step interval_first) override {
    interval_first_ = interval_first;
    Kokkos::deep_copy(Exec(), counters_, 0u);
    signals_.begin_interval();
  }

  void update(Step first, int steps) override {
    for (const auto& population : populations_)
      if (population) population->prepare(first, steps);
    for (const auto& population : populations_)
      if (population) population->update(first, steps, interval_first_);
  }

  std::span<const Spike> spikes() override {
    if constexpr (is_host<Exec>) {
      Kokkos::fence();
      return {records_.data(), counters_(0)};
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
      return {records_host_.data(), count};
    }
  }

  void deliver(std::span<const Spike> spikes, Step interval_first) override {
    if (spikes.empty() || layout_.blocks.empty()) return;
    if constexpr (is_host<Exec>) {
      sort_by_source(spikes);
      deliver_on_host(interval_first);
    } else {
      deliver_on_device(spikes, interval_first);
    }
  }

  int keep_spikes(std::span<const std::uint32_t> slots) override {
    if constexpr (is_host<Exec>) {
      return 0;
    } else {
      slot_of_ =
          to_space<Exec>(host_array("ranvier::deliver::slots", std::vector<std::uint32_t>(slots.begin(), slots.end())));
      return intervals_;
    }
  }

  void deliver_own() override {
    std::uint32_t* const emitted = counters_.data();
    delivery_({records_.data(), 0, emitted + 1 + turn_, emitted, emitted + 2 - turn_, slot_of_.data()}, machine_.ring,
              machine_.slots, interval_first_);
    turn_ = 1 - turn_;
  }

  std::span<std::int64_t> signals() override { return signals_.collect(interval_first_); }
  void receive_signals(int steps) override { signals_.record(interval_first_, steps); }
  void sum_initial_signals() override { signals_.sum_initial(); }

  void read_state(std::size_t population, const std::string& variable, std::span<const std::uint32_t> neurons,
                  double* out) override {
    if (neurons.empty()) return;
    for (const auto& state : populations_.at(population)->states()) {
      if (state.name != variable) continue;
      Kokkos::fence();
      const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, state.values);
      for (std::size_t i = 0; i < neurons.size(); ++i) out[i] = static_cast<double>(host(neurons[i]));
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
    const Step first = is_host<Exec> ? first_not_finite_.data()[0] : first_not_finite_host_(0);
    return first == never ? std::nullopt : std::optional<Step>(first);
  }

  void fence() override { Kokkos::fence(); }

  EngineBytes bytes() const override {
    EngineBytes b;
    for (const auto& source : sources_)
      for (const auto& table : source.tables) {
        b.synapses += table.synapse_bytes();
        b.rows += table.row_bytes();
      }
    b.rings = machine_.ring.span() * sizeof(Accumulator<Real>);
    b.spikes = (records_.span() + device_spikes_.span() + sorted_.capacity()) * sizeof(Spike) +
               slot_of_.span() * sizeof(std::uint32_t);
    b.rows += delivery_.bytes();
    for (const auto& population : populations_)
      if (population) b.state += population->bytes();
    b.state += signals_.bytes();
    return b;
  }

 private:
  /// How many intervals of spikes fit a buffer of moderate size, offsets of 16 bits being counted from the first of them.
  static int intervals_in_buffer(const Layout& layout) {
    constexpr std::size_t bytes = std::size_t{64} << 20;
    const std::size_t of_interval = std::size_t{layout.neurons} * layout.interval * sizeof(Spike);
    const std::size_t by_offset = 65535 / layout.interval;
    return static_cast<int>(std::clamp<std::size_t>(bytes / std::max<std::size_t>(of_interval, 1), 1, by_offset));
  }

  void update_together() {
    for (std::size_t p = 0; p < populations_.size(); ++p)
      for (std::size_t q = 0; q < p; ++q)
        if (populations_[p] && populations_[q] && populations_[q]->take(*populations_[p])) break;
  }

  /// Spikes of each source population together, so that a table is chosen once for many.
  void sort_by_source(std::span<const Spike> spikes) {
    begin_.assign(sources_.size() + 1, 0);
    for (const Spike& s : spikes) ++begin_[source_of(s.source) + 1];
    for (std::size_t p = 0; p < sources_.size(); ++p) begin_[p + 1] += begin_[p];
    sorted_.resize(spikes.size());
    auto next = begin_;
    for (const Spike& s : spikes) sorted_[next[source_of(s.source)]++] = s;
  }

  std::size_t source_of(std::uint32_t slot) const {
    std::size_t p = 0;
    while (slot >= sources_[p].slot0 + sources_[p].slots) ++p;
    return p;
  }

  /// Calls f with a reader of the table's own format.
  template <class F>
  static void visit(const SynapseTable<Exec, Real>& t, F&& f) {
    const auto with_index = [&]<class Index>(const Index* index) {
      if (t.constant_weight)
        f(RowReader<Real, Index, false>{t.first.data(), t.offsets.data(), index, nullptr, t.rows, t.row0, t.weight,
                                        t.delay});
      else
        f(RowReader<Real, Index, true>{t.first.data(), t.offsets.data(), index, t.weights.data(), t.rows, t.row0,
                                       t.weight, t.delay});
    };
    if (t.constant_delay)
      with_index(static_cast<const std::uint16_t*>(t.index16.data()));
    else
      with_index(static_cast<const std::uint32_t*>(t.index32.data()));
  }

  /// One block after the other (or one per thread): its ring stays in the cache, and no two threads add to the same sum.
  void deliver_on_host(Step interval_first) {
    const auto body = [&](const std::size_t block) {
      for (std::size_t p = 0; p < sources_.size(); ++p) {
        const std::size_t count = begin_[p + 1] - begin_[p];
        if (count == 0) continue;
        for (const auto& table : sources_[p].tables)
          visit(table, [&]<class R, class I, bool W>(const RowReader<R, I, W>& rows) {
            DeliverToBlock<R, I, W>{rows, machine_.slots, interval_first}(static_cast<std::uint32_t>(block),
                                                                          layout_.blocks[block], machine_.ring.data(),
                                                                          sorted_.data() + begin_[p], count);
          });
      }
    };
    Kokkos::parallel_for("ranvier::deliver", Kokkos::RangePolicy<Exec>(0, layout_.blocks.size()), body);
  }

  void deliver_on_device(std::span<const Spike> spikes, Step interval_first) {
    if (device_spikes_.extent(0) < spikes.size())
      device_spikes_ = Array<Spike, Exec>(Kokkos::view_alloc("ranvier::deliver::spikes", Kokkos::WithoutInitializing),
                                          spikes.size() + spikes.size() / 2);
    const HostArray<const Spike> host(spikes.data(), spikes.size());
    Kokkos::deep_copy(Exec(), Kokkos::subview(device_spikes_, std::pair<std::size_t, std::size_t>(0, spikes.size())),
                      host);
    delivery_({device_spikes_.data(), static_cast<std::uint32_t>(spikes.size())}, machine_.ring, machine_.slots,
              interval_first);
  }

  Layout layout_;
  int intervals_;                        ///< that the records have room for
  Array<std::uint32_t, Exec> counters_;  ///< spikes emitted; in turn, how many of those deliver_own() has delivered
  Array<Step, Exec> first_not_finite_;
  Array<Spike, Exec> records_;
  Machine<Exec, Real> machine_;
  std::vector<std::unique_ptr<Population<Exec, Real>>> populations_;
  std::vector<SourceTables<Exec, Real>> sources_;
  Step interval_first_ = 1;
  std::uint32_t turn_ = 0;
  SignalSums<Exec, Real> signals_;
  std::vector<Spike> sorted_;
  std::vector<std::size_t> begin_;
  StagingArray<std::uint32_t, Exec> counters_host_{"ranvier::spikes::counters::host", 3};
  StagingArray<Step, Exec> first_not_finite_host_{"ranvier::first_not_finite::host", 1};
  StagingArray<Spike, Exec> records_host_;
  Array<Spike, Exec> device_spikes_;
  Array<std::uint32_t, Exec> slot_of_;
  DeviceDelivery<Exec, Real> delivery_;
};

}  // namespace ranvier
