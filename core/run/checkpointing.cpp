#include "core/run/checkpointing.hpp"

#include <algorithm>
#include <chrono>

#include "core/base/clock.hpp"
#include "core/base/grid.hpp"

namespace ranvier {

Checkpointing::Checkpointing(const Config& config, const Session& session, RunningNetwork& network,
                             const Partition& partition, const Communicator& comm, Step first)
    : config_(config),
      network_(network),
      checkpoint_(config, session.catalogue(), network.layout, network.ports, partition, comm),
      last_(first) {}

bool Checkpointing::due(Step done) const {
  if (!config_.checkpoint || config_.checkpoint->every_ms <= 0.0) return false;
  const Step every = std::max<Step>(1, grid_step(config_.checkpoint->every_ms, config_.dt));
  return done / every > last_ / every;
}

bool Checkpointing::due_at_end(Step done) const {
  return last_ < done && (config_.checkpoint.has_value() || done < config_.steps);
}

void Checkpointing::save(Step done, Recorder& recorder, const Provenance& where) {
  const auto begin = Clock::now();
  recorder.flush(done);
  bytes_ = checkpoint_.save(*network_.engine, done, recorder.images(), where);
  last_ = done;
  path_ = checkpoint::checkpoint_path(config_.output);
  ++count_;
  seconds_ += seconds_since(begin);
}

}  // namespace ranvier
