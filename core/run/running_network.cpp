#include "core/run/running_network.hpp"

#include "core/build/network_builder.hpp"

namespace ranvier {

namespace {

template <class Real>
RunningNetwork build_as(const Config& config, const Session& session, const Partition& partition,
                        const NodeSelections& nodes, const Communicator& comm, const Placement& placement) {
  BuiltNetwork<Real> built = NetworkBuilder<Real>(config, session, partition, nodes, comm)();
  RunningNetwork network;
  network.layout = built.network.layout;
  network.ports = ports_of(built.network);
  network.has_signals = !built.network.signals.empty();
  network.synapses = built.synapses;
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
