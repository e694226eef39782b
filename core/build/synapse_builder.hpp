#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/units.hpp"
#include "core/build/edges.hpp"
#include "core/build/scales.hpp"
#include "core/build/source_set.hpp"
#include "kernels/layout/layout.hpp"
#include "kernels/projections/projection.hpp"

namespace ranvier {

/// A projection on its way into tables.
struct ConnectedProjection {
  const ProjectionConfig* config = nullptr;
  std::size_t source = 0, target = 0;  ///< populations
  std::uint32_t receptor = 0;          ///< of the target
  std::size_t plan = 0;                ///< which of the rank's projection plans it becomes part of
  std::optional<Unit> conductance;     ///< the unit of its weights, where the receptor is a conductance
  Edges edges;
};

/// Sorts the projections of one source population by (block, source) into tables, packed as tightly as their constants
/// allow: projections of one plan with the same constant weight and delay share a table.
template <class Real>
class SynapseBuilder {
 public:
  /// `threads`: that share out the blocks of neurons.
  SynapseBuilder(const Layout& layout, std::uint64_t seed, int threads);

  /// Of the next source population that has targets here. Consumes the edges. Adds to `scales` what the synapses can bring,
  /// `multiplicity` spikes of a source in one step. Weights stay floating-point numbers until finish().
  void build(const std::vector<ConnectedProjection*>& projections, const SourceSet& slots, std::uint32_t slot0,
             double multiplicity, Scales& scales);

  /// UsageError where a weight of a conductance that was drawn or read is negative: of the first neuron on this rank.
  void check_conductances() const;

  /// After Scales::choose: turns all weights into units of their receptors' accumulators, in place, and hands the tables to
  /// their plans.
  void finish(const Scales& scales, std::vector<ProjectionPlan<Real>>& plans);

 private:
  /// What projections must share to share a table.
  struct Format {
    std::size_t plan = 0;
    std::optional<double> weight;
    std::optional<std::uint16_t> delay;
    auto operator<=>(const Format&) const = default;
  };
  struct Table {
    SynapseTable<Real> synapses;
    std::size_t plan = 0;
    std::optional<double> weight;
    std::size_t population = 0;  ///< of one of the ports, for the scale of a constant weight
    std::uint32_t receptor = 0;
  };
  struct Source {
    std::size_t index = 0;  ///< in RankNetwork::sources
    std::uint32_t slot0 = 0, slots = 0;
    std::vector<Table> pending;
  };

  /// Neurons [begin, end) of a population's share, all in one block.
  struct Targets {
    std::uint32_t begin = 0, end = 0;
  };

  /// Of the synapses of one projection onto one block: the largest absolute weight, the largest sum that they bring to a
  /// neuron in a step, and the first neuron that has a negative weight, with the least of its weights.
  struct Extremes {
    double weight = 0.0, sum = 0.0;
    std::uint64_t neuron = 0;  ///< within its population
    double negative = 0.0;
  };

  static Format format_of(const ConnectedProjection& p);
  Table make_table(const Format& format, const std::vector<ConnectedProjection*>& projections, const SourceSet& slots,
                   std::uint32_t slot0) const;
  /// The targets of a projection in a block.
  Targets targets(const ConnectedProjection& projection, std::uint32_t block) const {
    return targets_[projection.target][block];
  }
  void count_rows(Table& table, const std::vector<ConnectedProjection*>& projections, const SourceSet& slots) const;
  void fill(Table& table, const std::vector<ConnectedProjection*>& projections, const SourceSet& slots,
            double multiplicity, Scales& scales);
  /// The synapses of one projection onto one block.
  Extremes fill_part(Table& table, std::size_t part, const ConnectedProjection& projection,
                     const SynapseValues& weights, const SourceSet& slots, double multiplicity, Scales& scales) const;
  void scale_weights(SynapseTable<Real>& table, const std::vector<std::vector<double>>& factors) const;
  /// For each port of each block, units of its accumulator in a weight of 1.
  std::vector<std::vector<double>> factors(const Scales& scales) const;

  const Layout& layout_;
  std::uint64_t seed_;
  int threads_;
  std::vector<std::vector<Targets>> targets_;  ///< by population and block
  std::vector<Source> sources_;
  std::string refused_;  ///< why; empty while no weight is negative that must not be
};

}  // namespace ranvier
