#include "core/run/summarise.hpp"

#include <fmt/format.h>

namespace ranvier {

RunSummary summarise_network(const Config& config, const RunningNetwork& network, const Placement& placement,
                             const Partition& partition, const Communicator& comm) {
  RunSummary summary;
  summary.name = config.name;
  summary.precision = config.precision == Precision::single ? "single" : "double";
  summary.device =
      placement.on_gpu ? fmt::format("gpu ({})", device_backend()) : fmt::format("cpu ({})", host_backend());
  summary.exchange = network.exchange->name();
  summary.seed = config.seed;
  summary.ranks = comm.size();
  summary.dt_ms = config.dt;
  summary.interval_steps = network.layout.interval;
  summary.neurons = partition.neurons();
  summary.synapses = comm.sum(network.synapses);
  for (const PopulationConfig& p : config.populations) summary.populations.push_back({p.name, p.model, p.size, 0});
  return summary;
}

void summarise_run(RunSummary& summary, const EndOfRun& end, const RunningNetwork& network, const RunLoop& loop,
                   const Checkpointing& checkpoints, PhaseTimer& timer, const Communicator& comm) {
  const ExchangeStatistics exchanged = network.exchange->statistics();
  timer.move(Phase::exchange, Phase::wait, exchanged.wait_seconds);
  const EngineBytes bytes = network.engine->bytes();
  RankSummary mine;
  mine.neurons = network.layout.neurons;
  mine.synapses = network.synapses;
  mine.spikes = loop.spikes().all();
  mine.peak_memory = peak_memory_bytes();
  const ExchangeBytes exchange = network.exchange->bytes();
  mine.memory = {bytes.synapses + bytes.rows, bytes.rings, bytes.state, bytes.emitted + exchange.routing,
                 bytes.arriving + exchange.buffers};
  mine.phases = timer.seconds();
  mine.exchange = exchanged;
  const double output = timer.seconds(Phase::output);
  summary.output_seconds = comm.max(output);
  summary.run_seconds = comm.max(end.seconds);
  summary.simulate_seconds = comm.max(end.seconds - output);
  summary.checkpoints = static_cast<std::uint64_t>(checkpoints.saved());
  summary.checkpoint_seconds = comm.max(checkpoints.seconds());
  summary.checkpoint_bytes = checkpoints.bytes();
  summary.until_ms = static_cast<double>(end.reached) * summary.dt_ms;
  summary.complete = end.complete;
  std::vector<std::uint64_t> by_population = loop.spikes().by_population();
  comm.sum(std::span<std::uint64_t>(by_population));
  summary.spikes = 0;
  for (std::size_t p = 0; p < by_population.size(); ++p) {
    summary.populations[p].spikes = by_population[p];
    summary.spikes += by_population[p];
  }
  summary.by_rank = comm.gather(mine);
}

}  // namespace ranvier
