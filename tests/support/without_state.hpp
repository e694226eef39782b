#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kernels/engine/engine.hpp"

namespace ranvier::testing {

/// A network, an Engine or a NetworkState alone, that has no state to be saved: for tests of other calls.
template <class Network>
class WithoutState : public Network {
 public:
  std::vector<std::string> state_names(std::size_t) const override { return {}; }
  void save_state(std::size_t, std::size_t, std::span<double>) override {}
  void restore_state(std::size_t, std::size_t, std::span<const double>) override {}
  Step steps_ahead() const override { return 1; }
  void save_arrivals(std::size_t, std::uint32_t, Step, std::span<std::int64_t>) override {}
  void restore_arrivals(std::size_t, std::uint32_t, Step, std::span<const std::int64_t>) override {}
  std::vector<std::vector<std::int64_t>> save_signals(Step) const override { return {}; }
  void restore_signals(Step, const std::vector<std::vector<std::int64_t>>&) override {}
  std::vector<std::string> unsaved_synapses() const override { return {}; }
};

}  // namespace ranvier::testing
