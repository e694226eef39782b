#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/base/expect.hpp"
#include "kernels/layout/layout.hpp"

namespace ranvier {

/// Fixed-point scales: one power of two per (population, receptor), so large that weights lose nothing that matters, so
/// small that everything that can arrive at one port in one step fits the accumulator. An overflow is impossible for
/// weights that do not change, since a synapse delivers at most `multiplicity` spikes per step and the bound counts all.
class Scales {
 public:
  explicit Scales(const Layout& layout);

  /// Before choose(). `amount`: the largest absolute sum that one more source of input can bring to this port in one step.
  void add_bound(std::size_t population, std::uint32_t neuron, std::uint32_t receptor, double amount);
  /// Before choose(). A projection or input that comes to a receptor: its largest absolute weight, and the largest sum that
  /// it brings to a neuron of this rank in one step. All ranks give the same names.
  void add_source(std::size_t population, std::uint32_t receptor, const std::string& name, double weight,
                  double amount);
  /// Before choose(). The two receptors get one scale, so that a constant weight means the same number on both.
  void join(std::size_t population_a, std::uint32_t receptor_a, std::size_t population_b, std::uint32_t receptor_b);

  /// Collective, once. `accumulator_bits`: 64 or 32. UsageError where the weights are beyond all measure.
  void choose(const Communicator& comm, int accumulator_bits);

  /// Largest bound over this rank's neurons of a population before choose(), over all after.
  double bound(std::size_t population, std::uint32_t receptor) const;
  /// After choose(), as what follows.
  int exponent(std::size_t population, std::uint32_t receptor) const {
    RANVIER_EXPECT(chosen());
    return exponents_[find(index(population, receptor))];
  }
  /// A weight in units of the accumulator, rounded to nearest.
  std::int64_t to_fixed(std::size_t population, std::uint32_t receptor, double weight) const;
  /// One unit of the accumulator in units of the weight.
  double unit(std::size_t population, std::uint32_t receptor) const;
  /// After choose(). A text for each source whose weights are all rounded by more than 1e-3 of themselves, since another source
  /// on the same scale is so much larger. The same on all ranks.
  std::vector<std::string> coarse_weights() const;

 private:
  struct Source {
    double weight = 0.0, amount = 0.0;
  };
  void agree_on_sources(const Communicator& comm);
  void check(int accumulator_bits) const;
  bool chosen() const { return exponents_.size() == parent_.size(); }
  std::size_t index(std::size_t population, std::uint32_t receptor) const {
    RANVIER_EXPECT(population < first_.size() && receptor < layout_.populations[population].receptors);
    return first_[population] + receptor;
  }
  std::size_t find(std::size_t i) const {
    while (parent_[i] != i) i = parent_[i];
    return i;
  }

  const Layout& layout_;
  std::vector<std::size_t> first_;                                 ///< by population: index of its receptor 0
  std::vector<std::size_t> parent_;                                ///< by receptor: union-find
  std::vector<std::vector<double>> by_port_;                       ///< by population: [receptor][neuron]
  std::map<std::pair<std::size_t, std::string>, Source> sources_;  ///< by receptor and name
  std::vector<double> largest_;                                    ///< by receptor, after choose()
  std::vector<int> exponents_;
};

}  // namespace ranvier
