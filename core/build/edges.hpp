#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/base/expect.hpp"
#include "core/base/uninitialised.hpp"
#include "core/build/partition.hpp"
#include "core/connectivity/rule_registry.hpp"

namespace ranvier {

/// The synapses of one projection onto this rank's neurons, before they are sorted by source: for target t of the share,
/// sources[begin[t]] to sources[begin[t + 1]].
struct Edges {
  UninitialisedVector<std::uint32_t> sources;  ///< index within the source population
  std::vector<std::uint64_t> begin;            ///< targets of the share + 1
  bool constant_delay = true;
  std::uint16_t delay = 1;                              ///< steps, where it is constant
  UninitialisedVector<std::uint16_t> delays;            ///< steps, one per synapse, where it is not
  std::uint16_t shortest_delay = 0, longest_delay = 0;  ///< of `delays`
  /// Source-side rules only: the synapse's number among those of its source, by which its weight and delay are drawn.
  std::vector<std::uint32_t> numbers;
  /// Weights that came with the edges, from a file; else those of the projection hold.
  bool has_weights = false;
  std::optional<double> weight;  ///< of all synapses of all ranks, where that is one number
  std::vector<double> weights;   ///< one per synapse, where it is not

  std::size_t targets() const { return begin.size() - 1; }
  bool by_source() const { return !numbers.empty(); }
  /// Sets shortest_delay and longest_delay where `delays` are set.
  void find_range_of_delays(int threads);
  std::uint32_t degree(std::size_t target) const {
    RANVIER_EXPECT(target < targets());
    return narrow<std::uint32_t>(begin[target + 1] - begin[target]);
  }
};

struct FileProjection;

/// Connects projections: who with whom, and the delays. Collective for source-side rules and for edges from files.
struct ConnectProjection {
  const RuleRegistry& rules;
  const Communicator& comm;
  const Partition& partition;
  std::uint64_t seed;
  double dt;    ///< ms
  int threads;  ///< that connect a projection together

  /// Of any rule but `edges`.
  Edges operator()(const ProjectionConfig& projection, std::size_t source, std::size_t target) const;
  /// Of rule `edges`, all of one file.
  std::vector<Edges> operator()(const std::vector<FileProjection>& projections) const;

 private:
  /// The delays that the config gives.
  void set_delays(const ProjectionConfig& projection, std::size_t target, Edges& edges) const;
};

/// Weights or delays of a projection, as drawn. Values belong to (target, number) or, for source-side rules, to
/// (source, number), and do not depend on who computes them. A dataset holds one number for each target, which all
/// synapses onto it share. Refers to the edges, which must stay where they are.
class SynapseValues {
 public:
  SynapseValues(const Value& value, Key key, const Edges& edges, std::uint64_t first_target, std::uint64_t all_targets);
  /// The weights of a projection: its own, or those that came with its edges.
  static SynapseValues weights(const ProjectionConfig& projection, std::uint64_t seed, const Edges& edges,
                               std::uint64_t first_target, std::uint64_t all_targets);

  /// The values of all synapses of target t of the share, in the order of its edges. `values`: as many. Several threads may
  /// call it at once.
  void fill(std::size_t target, std::span<double> values) const { fill_(target, values); }

 private:
  explicit SynapseValues(const Edges& edges);

  std::function<void(std::size_t target, std::span<double>)> fill_;
};

}  // namespace ranvier
