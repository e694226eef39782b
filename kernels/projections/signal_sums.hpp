#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include "kernels/populations/population.hpp"
#include "kernels/projections/signals.hpp"
#include "kernels/signals/signal_history.hpp"

namespace ranvier {

/// The signals of a rank's network: sums of the interval at hand, and the history that receptors read.
template <class Exec, class Real>
class SignalSums {
 public:
  SignalSums() = default;
  SignalSums(std::vector<SignalPlan> plans, Step longest_delay, std::uint32_t interval)
      : plans_(std::move(plans)),
        longest_delay_(longest_delay),
        interval_(interval),
        host_(plans_.size() * interval, 0) {
    std::vector<int> exponents;
    for (const SignalPlan& plan : plans_) {
      exponents.push_back(plan.exponent);
      sums_.emplace_back("ranvier::signal", interval);
    }
    history_ = std::make_shared<SignalHistory>(exponents, longest_delay, interval);
  }

  std::shared_ptr<const SignalHistory> history() const { return history_; }
  std::size_t bytes() const { return history_->bytes(); }

  /// From now on the populations, in the order of the layout and null where this rank has no share, are summed over.
  void observe(const std::vector<std::unique_ptr<Population<Exec, Real>>>& populations, const Layout& layout) {
    for (std::size_t k = 0; k < plans_.size(); ++k) {
      const auto& population = populations[plans_[k].population];
      if (!population) continue;
      const TileArray<Exec> tiles(layout.populations[plans_[k].population]);
      for (const auto& state : population->states()) {
        if (state.name != plans_[k].variable) continue;
        const SumSignal<Exec, Real> sum(plans_[k], tiles, state.values, sums_[k]);
        population->observe(std::make_unique<SumSignal<Exec, Real>>(sum));
        initial_.push_back(sum);
      }
    }
  }

  void begin_interval() {
    for (const auto& sums : sums_) Kokkos::deep_copy(Exec(), sums, std::int64_t{0});
  }

  /// Sums of the initial state, as if sent at the end of step 0.
  void sum_initial() {
    for (const auto& sum : initial_) sum.launch_steps(0, 1);
  }

  /// This rank's sums of the interval that began at `first`: [signal][offset].
  std::span<std::int64_t> collect(Step first) {
    if (sums_.empty()) return {};
    Exec().fence();
    for (std::size_t k = 0; k < sums_.size(); ++k) {
      const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, sums_[k]);
      for (std::uint32_t offset = 0; offset < interval_; ++offset)
        host_[k * interval_ + offset] = host(static_cast<std::size_t>(first + offset) % interval_);
    }
    return host_;
  }

  /// What collect() returned has been added up over the ranks.
  void record(Step first, int steps) {
    for (std::size_t k = 0; k < sums_.size(); ++k)
      for (int offset = 0; offset < steps; ++offset)
        history_->record(k, first + offset, host_[k * interval_ + static_cast<std::size_t>(offset)]);
  }

  /// For each signal the sums of the steps step - longest delay + 1 to `step`: the last that may still arrive.
  std::vector<std::vector<std::int64_t>> save(Step step) const {
    std::vector<std::vector<std::int64_t>> sums(plans_.size());
    for (std::size_t k = 0; k < plans_.size(); ++k)
      for (Step s = step - longest_delay_ + 1; s <= step; ++s) sums[k].push_back(history_->sum(k, s));
    return sums;
  }
  /// std::invalid_argument where they are not those of these signals.
  void restore(Step step, const std::vector<std::vector<std::int64_t>>& sums) {
    if (sums.size() != plans_.size()) throw std::invalid_argument("other signals");
    for (std::size_t k = 0; k < plans_.size(); ++k) {
      if (static_cast<Step>(sums[k].size()) != longest_delay_) throw std::invalid_argument("signals of other delays");
      for (Step back = 0; back < longest_delay_ && step - back >= 0; ++back)
        history_->record(k, step - back, sums[k][static_cast<std::size_t>(longest_delay_ - 1 - back)]);
    }
  }

 private:
  std::vector<SignalPlan> plans_;
  Step longest_delay_ = 0;
  std::uint32_t interval_ = 1;
  std::shared_ptr<SignalHistory> history_;
  std::vector<Array<std::int64_t, Exec>> sums_;  ///< by signal: [step % interval]
  std::vector<std::int64_t> host_;
  std::vector<SumSignal<Exec, Real>> initial_;
};

}  // namespace ranvier
