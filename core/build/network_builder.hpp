#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/build/node_selections.hpp"
#include "core/build/partition.hpp"
#include "core/build/synapse_builder.hpp"
#include "core/session/session.hpp"
#include "io/network/config.hpp"
#include "kernels/engine/network.hpp"

namespace ranvier {

/// Steps between exchanges at most. Longer intervals gain nothing: the state of a tile is in the cache after the first step.
inline constexpr std::uint32_t longest_interval = 64;

/// A rank's network and what is needed to connect it with the others.
template <class Real>
struct BuiltNetwork {
  RankNetwork<Real> network;
  std::vector<GlobalId> sources;      ///< whose spikes this rank needs, ascending: the position is the source slot
  std::uint64_t synapses = 0;         ///< onto this rank's neurons
  std::vector<std::string> warnings;  ///< what the user should know, the same on all ranks
};

/// Builds one rank's network, collectively, in time linear in its own synapses. Projections are taken in the order of
/// their keys, never of the config or of ranks, wherever an order could show in the result.
template <class Real>
class NetworkBuilder {
 public:
  /// `threads` of this process share out the work; their number does not show in the network.
  NetworkBuilder(const Config& config, const Session& session, const Partition& partition, const NodeSelections& nodes,
                 const Communicator& comm, int threads)
      : config_(config), session_(session), partition_(partition), nodes_(nodes), comm_(comm), threads_(threads) {}

  BuiltNetwork<Real> operator()();

 private:
  using Projections = std::vector<ConnectedProjection>;

  Projections connect() const;
  void connect_from_files(Projections& projections, const ConnectProjection& connect) const;
  /// By source population; those without targets on this rank are empty.
  std::vector<SourceSet> find_sources(const Projections& projections) const;
  Layout make_layout(const Projections& projections, const std::vector<SourceSet>& sources) const;
  Step delay_of_signal(const ProjectionConfig& config) const;
  std::vector<double> most_spikes(const std::vector<PopulationPlan>& plans, const Projections& projections) const;
  void add_inputs(const std::vector<PopulationPlan>& plans, Scales& scales) const;
  void add_signals(RankNetwork<Real>& network) const;
  void fix_scales(std::vector<PopulationPlan>& plans, const Scales& scales) const;
  std::vector<ProjectionPlan<Real>> make_plans(Projections& projections) const;
  void build_synapses(Projections& projections, std::vector<SourceSet> sources, const std::vector<double>& multiplicity,
                      Scales& scales, BuiltNetwork<Real>& built) const;

  const Config& config_;
  const Session& session_;
  const Partition& partition_;
  const NodeSelections& nodes_;
  const Communicator& comm_;
  int threads_;
};

}  // namespace ranvier
