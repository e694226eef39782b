#include "core/run/simulation.hpp"

#include <Kokkos_Core.hpp>
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "core/base/grid.hpp"
#include "core/restart/restart.hpp"
#include "core/run/checkpointing.hpp"
#include "core/run/run_loop.hpp"
#include "core/run/run_provenance.hpp"
#include "core/run/summarise.hpp"
#include "core/run/summary_json.hpp"
#include "io/config/resolved.hpp"
#include "io/config/values.hpp"
#include "io/results/output_folder.hpp"
#include "io/results/summary.hpp"
#include "io/text/text_file.hpp"

namespace ranvier {

namespace {

bool choose_gpu(Device device) {
  if (device == Device::gpu && !has_device_backend())
    throw UsageError("--device gpu: this build has no GPU backend (Kokkos was built without CUDA); use --device cpu");
  return has_device_backend() && device != Device::cpu;
}

}  // namespace

class Simulation::Parts {
 public:
  Parts(Config config, RunOptions options, const Session& session, const Communicator& comm)
      : config_(with_options(std::move(config), options, session.catalogue())),
        options_(std::move(options)),
        session_(session),
        comm_(comm),
        partition_(config_.population_sizes(), comm.size()),
        placement_{choose_gpu(options_.device), options_.exchange},
        last_(options_.until_ms ? std::min(config_.steps, grid_step(*options_.until_ms, config_.dt)) : config_.steps) {}

  void build();
  RunStatus run(RunControl& control);
  const RunSummary& summary() const { return summary_; }
  const std::string& last_checkpoint() const { return checkpoints_->path(); }

 private:
  /// The text says what is run, so that running it again gives the same.
  static Config with_options(Config config, const RunOptions& options, const Catalogue& catalogue) {
    if (options.precision) config.precision = *options.precision;
    if (!options.output.empty()) config.output = options.output;
    Config written = config;
    if (options.until_ms) {
      if (!on_grid(*options.until_ms, config.dt))
        throw UsageError(
            fmt::format("--until: must be a whole number of steps of {} ms, got {} ms", config.dt, *options.until_ms));
      written.duration = std::min(config.duration, *options.until_ms);
    }
    config.resolved_yaml = resolved_yaml(written, catalogue);
    return config;
  }
  void restore(const checkpoint::CheckpointFile& file);
  void start(RunControl& control, const Provenance& where);
  Step advance(RunControl& control, const Provenance& where);
  void save(Step done, const Provenance& where);
  void finish(Step done, double seconds, const Provenance& where);

  Config config_;
  RunOptions options_;
  const Session& session_;
  const Communicator& comm_;
  Partition partition_;
  Placement placement_;
  Step first_ = 0, last_;  ///< the run goes from the end of one step to that of the other
  std::optional<NodeSelections> nodes_;
  RunningNetwork network_;
  std::vector<checkpoint::FileImage> images_;  ///< of the recordings that go on, on rank 0
  std::optional<FiniteStates> finite_;
  std::optional<Checkpointing> checkpoints_;
  std::optional<Recorder> recorder_;
  PhaseTimer timer_;
  std::optional<RunLoop> loop_;
  RunSummary summary_;
};

void Simulation::Parts::build() {
  const auto begin = Clock::now();
  Kokkos::Profiling::pushRegion("ranvier::build");
  std::optional<checkpoint::CheckpointFile> restart;
  if (!options_.restart.empty()) {
    restart = open_restart(options_.restart, config_, session_.catalogue(), last_, comm_, options_.warn);
    first_ = restart->header().step;
  }
  prepare_output_folder(config_.output, comm_);
  nodes_.emplace(config_, comm_);
  network_ = build_network(config_, session_, partition_, *nodes_, comm_, placement_);
  if (options_.warn && comm_.is_root())
    for (const std::string& warning : network_.warnings) options_.warn(warning);
  finite_.emplace(*network_.engine, network_.layout, config_.dt, comm_);
  checkpoints_.emplace(config_, session_, network_, partition_, comm_, first_);
  if (restart) restore(*restart);
  Kokkos::Profiling::popRegion();
  comm_.barrier();
  const double seconds = comm_.max(seconds_since(begin));
  summary_ = summarise_network(config_, network_, placement_, partition_, comm_);
  summary_.build_seconds = seconds;
  summary_.from_ms = static_cast<double>(first_) * config_.dt;
  summary_.until_ms = static_cast<double>(last_) * config_.dt;
}

void Simulation::Parts::restore(const checkpoint::CheckpointFile& file) {
  checkpoints_->restore(file);
  comm_.together([&] {
    if (comm_.is_root()) images_ = file.recordings();
  });
}

/// Opens the recordings. Where the run starts at time 0, its first frames and signals are those of the initial state.
void Simulation::Parts::start(RunControl& control, const Provenance& where) {
  recorder_.emplace(config_, session_.models(), network_.layout, *nodes_, first_, last_, comm_, where, images_);
  images_.clear();
  comm_.together([&] {
    if (comm_.is_root()) write_text_file(config_.output + "/run.yaml", config_.resolved_yaml);
  });
  loop_.emplace(network_, *recorder_, *finite_, comm_, timer_);
  recorder_->sample(*network_.engine, first_);
  if (first_ == 0) loop_->send_initial_signals();
  if (config_.checkpoint) control.checkpoint_every(config_.checkpoint->every_wall_s);
  control.begin(static_cast<double>(first_) * config_.dt, static_cast<double>(last_) * config_.dt,
                partition_.neurons());
}

RunStatus Simulation::Parts::run(RunControl& control) {
  const Provenance where = provenance_of(config_, summary_.device, comm_);
  start(control, where);
  const auto begin = Clock::now();
  timer_.start();
  const Step done = advance(control, where);
  loop_->collect();
  network_.engine->fence();
  if (checkpoints_->due_at_end(done)) save(done, where);
  control.end();
  {
    const PhaseScope scope(timer_, Phase::output, "ranvier::close");
    recorder_->close(done);
    finite_->look(done);
  }
  timer_.stop();
  finish(done, seconds_since(begin), where);
  return done < last_ ? RunStatus::stopped : RunStatus::complete;
}

/// Interval by interval, until the end or until the control says stop. Returns the last step.
Step Simulation::Parts::advance(RunControl& control, const Provenance& where) {
  Step done = first_;
  for (bool stopped = false; done < last_ && !stopped;) {
    const Interval interval{done + 1, static_cast<int>(std::min<Step>(network_.layout.interval, last_ - done))};
    loop_->run(interval);
    done = interval.end() - 1;
    const auto verdict = control.after_interval(static_cast<double>(done) * config_.dt, loop_->spikes().all(),
                                                recorder_->buffered_spikes());
    if (verdict.flush) {
      loop_->collect();
      const PhaseScope scope(timer_, Phase::output, "ranvier::flush");
      finite_->look(done);
      recorder_->flush(done);
    } else if (verdict.write || recorder_->traces_are_due(done)) {
      const PhaseScope scope(timer_, Phase::output, "ranvier::write");
      if (verdict.write) recorder_->write_spikes();
      if (recorder_->traces_are_due(done)) recorder_->write_traces(done);
    }
    if (verdict.checkpoint || (done < last_ && checkpoints_->due(done))) {
      save(done, where);
      control.leave_time_for(checkpoints_->mean_seconds());
    }
    stopped = verdict.stop;
  }
  return done;
}

void Simulation::Parts::save(Step done, const Provenance& where) {
  loop_->collect();
  const PhaseScope scope(timer_, Phase::output, "ranvier::checkpoint");
  network_.engine->fence();
  finite_->look(done);
  checkpoints_->save(done, *recorder_, where);
}

void Simulation::Parts::finish(Step done, double seconds, const Provenance& where) {
  summarise_run(summary_, {done, done == last_, seconds}, network_, *loop_, *checkpoints_, timer_, comm_);
  comm_.together([&] {
    if (comm_.is_root()) write_summary(config_.output, summary_json(summary_), where);
  });
}

Simulation::Simulation(Config config, RunOptions options, const Session& session, const Communicator& comm)
    : parts_(std::make_unique<Parts>(std::move(config), std::move(options), session, comm)) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
void Simulation::build() { parts_->build(); }
RunStatus Simulation::run(RunControl& control) { return parts_->run(control); }
const RunSummary& Simulation::summary() const { return parts_->summary(); }
const std::string& Simulation::last_checkpoint() const { return parts_->last_checkpoint(); }

}  // namespace ranvier
