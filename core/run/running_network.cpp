#include "core/run/running_network.hpp"

#include <unistd.h>

#include <Kokkos_Core.hpp>
#include <algorithm>
#include <thread>

#include "core/build/network_builder.hpp"

namespace ranvier {

namespace {

/// Threads that build a rank's network: as many as will run it, or, beside a GPU, the rank's share of the processors that it
/// may use (those it is bound to).
int threads_to_build(const Placement& placement, const Communicator& comm) {
  if (!placement.on_gpu) return Kokkos::DefaultHostExecutionSpace().concurrency();
  const auto allowed = static_cast<long>(std::thread::hardware_concurrency());
  return static_cast<int>(std::max(1L, std::min(allowed, sysconf(_SC_NPROCESSORS_ONLN) / comm.on_node().size())));
}

template <class Real>
RunningNetwork build_as(const Config& config, const Session& session, const Partition& partition,
                        const NodeSelections& nodes, const Communicator& comm, const Placement& placement) {
  const int threads = threads_to_build(placement, comm);
  BuiltNetwork<Real> built = NetworkBuilder<Real>(config, session, partition, nodes, comm, threads)();
  RunningNetwork network;
  network.layout = built.network.layout;
  network.ports = ports_of(built.network);
  network.has_signals = !built.network.signals.empty();
  network.synapses = built.synapses;
  network.warnings = std::move(built.warnings);
  Routing routing =
      build_routing(comm, built.sources, network.layout.neurons, [&](GlobalId id) { return partition.owner(id); });
  comm.together([&] {
    network.engine = placement.on_gpu ? make_device_engine<Real>(std::move(built.network), session.models())
                                      : make_host_engine<Real>(std::move(built.network), session.models());
  });
  network.exchange = make_exchange(comm, std::move(routing), network.engine->spike_space(), placement.exchange);
  return network;
}

}  // namespace

RunningNetwork build_network(const Config& config, const Session& session, const Partition& partition,
                             const NodeSelections& nodes, const Communicator& comm, const Placement& placement) {
  const auto build = config.precision == Precision::single ? build_as<float> : build_as<double>;
  return build(config, session, partition, nodes, comm, placement);
}

}  // namespace ranvier
