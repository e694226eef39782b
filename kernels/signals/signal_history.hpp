#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"

namespace ranvier {

/// What one projection of a signal brings to its receptor at the end of step s: weight times the sum over the source
/// population of what it sent at the end of step s - delay.
struct SignalTerm {
  std::size_t signal = 0;  ///< index in the network's list of signals
  double weight = 0.0;
  Step delay = 1;
};

/// Sums of signals over all neurons of their populations on all ranks, for as many past steps as the longest delay needs.
/// They are integers: the ranks may add in any order. Host memory; a few numbers per step, whatever the network's size.
class SignalHistory {
 public:
  /// `longest_delay` and `interval` in steps. A sum of 1 unit of signal k is 2^-exponents[k].
  SignalHistory(const std::vector<int>& exponents, Step longest_delay, Step interval)
      : length_(longest_delay + interval + 1), sums_(exponents.size() * static_cast<std::size_t>(length_), 0) {
    for (const int e : exponents) units_.push_back(std::ldexp(1.0, -e));
  }

  std::size_t bytes() const { return sums_.size() * sizeof(std::int64_t); }
  void record(std::size_t signal, Step step, std::int64_t sum) { sums_[index(signal, step)] = sum; }

  /// The sum sent at the end of a step no longer ago than the longest delay, in units of the signal; 0 before the start.
  std::int64_t sum(std::size_t signal, Step step) const { return step < 0 ? 0 : sums_[index(signal, step)]; }
  double at(std::size_t signal, Step step) const {
    return step < 0 ? 0.0 : static_cast<double>(sums_[index(signal, step)]) * units_[signal];
  }

  /// What arrives at a receptor at the end of step `step`, its terms in their order.
  double arriving(const std::vector<SignalTerm>& terms, Step step) const {
    double sum = 0.0;
    for (const SignalTerm& term : terms) sum += term.weight * at(term.signal, step - term.delay);
    return sum;
  }

 private:
  std::size_t index(std::size_t signal, Step step) const {
    return signal * static_cast<std::size_t>(length_) + static_cast<std::size_t>(step % length_);
  }

  Step length_;
  std::vector<double> units_;
  std::vector<std::int64_t> sums_;
};

/// A receptor's lanes with what its signals bring in the step, the same for all of them.
template <class Lanes>
struct ReceiveSignals {
  Lanes work;
  std::shared_ptr<const SignalHistory> history;
  std::vector<SignalTerm> terms;

  std::optional<Lanes> lanes(Step step) const {
    Lanes now = work;
    now.port.value = static_cast<decltype(now.port.value)>(history->arriving(terms, step));
    return now;
  }
  std::size_t bytes() const { return terms.size() * sizeof(SignalTerm); }
};

}  // namespace ranvier
