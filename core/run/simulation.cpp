#include "core/run/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "comm/exchange/spike_exchange.hpp"
#include "core/base/error.hpp"
#include "core/base/grid.hpp"
#include "core/build/network_builder.hpp"
#include "core/build/node_selections.hpp"
#include "core/restart/checkpoint.hpp"
#include "core/restart/restart.hpp"
#include "core/run/recorder.hpp"
#include "core/run/run_provenance.hpp"
#include "core/run/summary_json.hpp"
#include "io/results/output_folder.hpp"
#include "io/results/summary.hpp"
#include "io/text/text_file.hpp"
#include "kernels/engine/engine.hpp"

namespace ranvier {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// A region of Kokkos' profiling interface and a phase of our own clock.
class PhaseScope {
 public:
  PhaseScope(PhaseTimer& timer, Phase phase, const char* region) : scope_(timer, phase) {
    Kokkos::Profiling::pushRegion(region);
  }
  ~PhaseScope() { Kokkos::Profiling::popRegion(); }
  PhaseScope(const PhaseScope&) = delete;
  PhaseScope& operator=(const PhaseScope&) = delete;

 private:
  PhaseTimer::Scope scope_;
};

bool choose_gpu(Device device) {
  if (device == Device::gpu && !has_device)
    throw UsageError("--device gpu: this build has no GPU backend (Kokkos was built without CUDA); use --device cpu");
  return has_device && device != Device::cpu;
}

}  // namespace

class Simulation::Parts {
 public:
  Parts(Config config, RunOptions options, const Session& session, const Communicator& comm)
      : config_(std::move(config)),
        options_(std::move(options)),
        session_(session),
        comm_(comm),
        partition_(sizes(), comm.size()) {
    if (options_.precision) config_.precision = *options_.precision;
    if (!options_.output.empty()) config_.output = options_.output;
    last_ = options_.until_ms ? std::min(config_.steps, grid_step(*options_.until_ms, config_.dt)) : config_.steps;
    on_gpu_ = choose_gpu(options_.device);
  }

  void build();
  RunStatus run(RunControl& control);
  const RunSummary& summary() const { return summary_; }
  const std::string& last_checkpoint() const { return last_checkpoint_; }

 private:
  std::vector<std::uint64_t> sizes() const {
    std::vector<std::uint64_t> sizes;
    for (const PopulationConfig& p : config_.populations) sizes.push_back(p.size);
    return sizes;
  }
  template <class Real>
  void build_as();
  void describe_network();
  void interval(Step first, int steps);
  void interval_on_device(Step first, int steps);
  void collect();
  void update(Step first, int steps);
  void count_spikes(std::span<const Spike> spikes);
  void start(RunControl& control, const Provenance& where);
  void finish(Step done, double seconds, const Provenance& where);
  bool checkpoint_due(Step done) const;
  void save(Step done, const Provenance& where);
  void send_initial_signals();
  void check_finite(Step step) const;
  void fail_non_finite(Step step) const;
  void gather_summary(Step reached, double seconds);

  Config config_;
  RunOptions options_;
  const Session& session_;
  const Communicator& comm_;
  Partition partition_;
  Step first_ = 0, last_ = 0;  ///< the run goes from the end of one step to that of the other
  bool on_gpu_ = false;
  bool has_signals_ = false;
  std::optional<NodeSelections> nodes_;
  Layout layout_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<SpikeExchange> exchange_;
  int keep_ = 0;         ///< intervals whose spikes the device keeps before they are collected; 0: none
  int kept_ = 0;         ///< intervals since they were collected
  Step kept_first_ = 1;  ///< first step of those
  std::unique_ptr<Recorder> recorder_;
  std::optional<checkpoint::CheckpointFile> restart_;  ///< until it has been restored
  std::unique_ptr<Checkpoint> checkpoint_;
  std::vector<checkpoint::FileImage> images_;  ///< of the recordings that go on, on rank 0
  Step saved_ = 0;                             ///< step of the last checkpoint
  std::string last_checkpoint_;
  PhaseTimer timer_;
  RankSummary mine_;
  std::vector<std::uint64_t> spikes_by_population_;
  RunSummary summary_;
};

template <class Real>
void Simulation::Parts::build_as() {
  BuiltNetwork<Real> built = NetworkBuilder<Real>(config_, session_, partition_, *nodes_, comm_)();
  layout_ = built.network.layout;
  has_signals_ = !built.network.signals.empty();
  checkpoint_ =
      std::make_unique<Checkpoint>(config_, session_.catalogue(), layout_, ports_of(built.network), partition_, comm_);
  mine_.neurons = layout_.neurons;
  mine_.synapses = built.synapses;
  Routing routing =
      build_routing(comm_, built.sources, layout_.neurons, [this](GlobalId id) { return partition_.owner(id); });
  const std::vector<std::uint32_t> own_slots = comm_.size() == 1 ? routing.self_slot : std::vector<std::uint32_t>{};
  exchange_ = make_exchange(comm_, std::move(routing));
  comm_.together([&] {
    engine_ = on_gpu_ ? make_device_engine<Real>(std::move(built.network), session_.models())
                      : make_host_engine<Real>(std::move(built.network), session_.models());
    if (comm_.size() == 1 && !has_signals_) keep_ = engine_->keep_spikes(own_slots);
  });
}

void Simulation::Parts::build() {
  const auto begin = Clock::now();
  Kokkos::Profiling::pushRegion("ranvier::build");
  if (!options_.restart.empty()) {
    restart_ = open_restart(options_.restart, config_, session_.catalogue(), last_, comm_, options_.warn);
    first_ = saved_ = restart_->header().step;
  }
  prepare_output_folder(config_.output, comm_.handle());
  nodes_.emplace(config_, comm_);
  if (config_.precision == Precision::single)
    build_as<float>();
  else
    build_as<double>();
  spikes_by_population_.assign(config_.populations.size(), 0);
  if (restart_) {
    checkpoint_->restore(*engine_, *restart_);
    comm_.together([&] {
      if (comm_.is_root()) images_ = restart_->recordings();
    });
    restart_.reset();
  }
  Kokkos::Profiling::popRegion();
  comm_.barrier();
  summary_.build_seconds = comm_.max(seconds_since(begin));
  describe_network();
}

void Simulation::Parts::describe_network() {
  summary_.name = config_.name;
  summary_.precision = config_.precision == Precision::single ? "single" : "double";
  summary_.device = on_gpu_ ? fmt::format("gpu ({})", DeviceExec::name()) : fmt::format("cpu ({})", HostExec::name());
  summary_.exchange = exchange_->name();
  summary_.seed = config_.seed;
  summary_.ranks = comm_.size();
  summary_.dt_ms = config_.dt;
  summary_.from_ms = static_cast<double>(first_) * config_.dt;
  summary_.until_ms = static_cast<double>(last_) * config_.dt;
  summary_.interval_steps = layout_.interval;
  summary_.neurons = partition_.neurons();
  summary_.synapses = comm_.sum(mine_.synapses);
  for (const PopulationConfig& p : config_.populations) summary_.populations.push_back({p.name, p.model, p.size, 0});
}

/// What the initial state sends arrives a delay later, as what every step sends.
void Simulation::Parts::send_initial_signals() {
  if (!has_signals_) return;
  engine_->begin_interval(0);
  engine_->sum_initial_signals();
  engine_->fence();
  comm_.sum(engine_->signals());
  engine_->receive_signals(1);
}

/// Advances to the end of a run of steps, stopping for the traces that are due on the way.
void Simulation::Parts::update(Step first, int steps) {
  const Step end = first + steps;
  for (Step step = first; step < end;) {
    const Step sample = recorder_->next_sample(step - 1);
    const Step stop = std::min(end, sample + 1);
    engine_->update(step, static_cast<int>(stop - step));
    if (sample < end) {
      const PhaseScope scope(timer_, Phase::output, "ranvier::sample");
      recorder_->sample(*engine_, sample);
    }
    step = stop;
  }
}

/// An interval of a network that one device has to itself: all is queued there, the host waits for nothing. The wall time
/// of phases is then that of queueing, and waiting is part of whichever phase meets a full queue.
void Simulation::Parts::interval_on_device(Step first, int steps) {
  if (kept_ == 0) {
    engine_->begin_interval(first);
    kept_first_ = first;
  }
  {
    const PhaseScope scope(timer_, Phase::update, "ranvier::update");
    update(first, steps);
  }
  {
    const PhaseScope scope(timer_, Phase::deliver, "ranvier::deliver");
    engine_->deliver_own();
  }
  if (++kept_ == keep_) collect();
}

/// Records the spikes that the device kept.
void Simulation::Parts::collect() {
  if (kept_ == 0) return;
  kept_ = 0;
  const PhaseScope scope(timer_, Phase::update, "ranvier::collect");
  const std::span<const Spike> spikes = engine_->spikes();
  if (const auto step = engine_->first_non_finite()) fail_non_finite(*step);
  const PhaseScope output(timer_, Phase::output, "ranvier::record");
  recorder_->spikes(spikes, kept_first_);
  count_spikes(spikes);
}

/// One exchange interval. What this rank's own neurons sent to each other is delivered while the rest travels.
void Simulation::Parts::interval(Step first, int steps) {
  std::span<const Spike> emitted;
  {
    const PhaseScope scope(timer_, Phase::update, "ranvier::update");
    engine_->begin_interval(first);
    update(first, steps);
    emitted = engine_->spikes();
  }
  if (const auto step = engine_->first_non_finite()) fail_non_finite(*step);
  {
    const PhaseScope scope(timer_, Phase::exchange, "ranvier::exchange");
    exchange_->start(emitted);
  }
  {
    const PhaseScope scope(timer_, Phase::output, "ranvier::record");
    recorder_->spikes(emitted, first);
    count_spikes(emitted);
  }
  {
    const PhaseScope scope(timer_, Phase::deliver, "ranvier::deliver");
    engine_->deliver(exchange_->local(), first);
  }
  std::span<const Spike> remote;
  {
    const PhaseScope scope(timer_, Phase::exchange, "ranvier::exchange");
    if (has_signals_) {
      comm_.sum(engine_->signals());
      engine_->receive_signals(steps);
    }
    remote = exchange_->finish();
  }
  {
    const PhaseScope scope(timer_, Phase::deliver, "ranvier::deliver");
    engine_->deliver(remote, first);
  }
}

void Simulation::Parts::count_spikes(std::span<const Spike> spikes) {
  for (const Spike& spike : spikes) {
    std::size_t p = 0;
    while (spike.source >= layout_.populations[p].local0 + layout_.populations[p].count) ++p;
    spikes_by_population_[p] += spike.multiplicity;
    mine_.spikes += spike.multiplicity;
  }
}

/// Opens the recordings. Where the run starts at time 0, its first frames and signals are those of the initial state.
void Simulation::Parts::start(RunControl& control, const Provenance& where) {
  recorder_ =
      std::make_unique<Recorder>(config_, session_.models(), layout_, *nodes_, first_, last_, comm_, where, images_);
  images_.clear();
  comm_.together([&] {
    if (comm_.is_root()) write_text_file(config_.output + "/run.yaml", config_.resolved_yaml);
  });
  recorder_->sample(*engine_, first_);
  if (first_ == 0) send_initial_signals();
  if (config_.checkpoint) control.checkpoint_every(config_.checkpoint->every_wall_s);
  control.begin(static_cast<double>(first_) * config_.dt, static_cast<double>(last_) * config_.dt,
                partition_.neurons());
}

RunStatus Simulation::Parts::run(RunControl& control) {
  const Provenance where = provenance_of(config_, summary_.device, comm_);
  start(control, where);
  const auto begin = Clock::now();
  timer_.start();
  Step done = first_;
  bool stopped = false;
  while (done < last_ && !stopped) {
    const int steps = static_cast<int>(std::min<Step>(layout_.interval, last_ - done));
    if (keep_ > 0)
      interval_on_device(done + 1, steps);
    else
      interval(done + 1, steps);
    done += steps;
    const auto verdict = control.after_interval(static_cast<double>(done) * config_.dt, mine_.spikes);
    if (verdict.flush) {
      collect();
      const PhaseScope scope(timer_, Phase::output, "ranvier::flush");
      check_finite(done);
      recorder_->flush(done);
    }
    if (verdict.checkpoint || checkpoint_due(done)) {
      save(done, where);
      control.leave_time_for(summary_.checkpoint_seconds / static_cast<double>(summary_.checkpoints));
    }
    stopped = verdict.stop;
  }
  collect();
  engine_->fence();
  // What ends before the config's end, and what is checkpointed at all, can go on.
  if (saved_ < done && (config_.checkpoint || done < config_.steps)) save(done, where);
  control.end();
  {
    const PhaseScope scope(timer_, Phase::output, "ranvier::close");
    recorder_->close(done);
    check_finite(done);
  }
  timer_.stop();
  finish(done, seconds_since(begin), where);
  return done < last_ ? RunStatus::stopped : RunStatus::complete;
}

void Simulation::Parts::finish(Step done, double seconds, const Provenance& where) {
  gather_summary(done, seconds);
  comm_.together([&] {
    if (comm_.is_root()) write_summary(config_.output, summary_json(summary_), where);
  });
}

/// Whether a multiple of the interval between checkpoints lies behind the last one.
bool Simulation::Parts::checkpoint_due(Step done) const {
  if (!config_.checkpoint || config_.checkpoint->every_ms <= 0.0) return false;
  const Step every = std::max<Step>(1, grid_step(config_.checkpoint->every_ms, config_.dt));
  return done / every > saved_ / every && done < last_;
}

/// Everything up to step `done`: recordings first, so that the checkpoint knows how far they are.
void Simulation::Parts::save(Step done, const Provenance& where) {
  const auto begin = Clock::now();
  collect();
  const PhaseScope scope(timer_, Phase::output, "ranvier::checkpoint");
  engine_->fence();
  check_finite(done);
  recorder_->flush(done);
  summary_.checkpoint_bytes = checkpoint_->save(*engine_, done, recorder_->images(), where);
  saved_ = done;
  last_checkpoint_ = checkpoint::checkpoint_path(config_.output);
  ++summary_.checkpoints;
  summary_.checkpoint_seconds += seconds_since(begin);
}

/// Collective: a number that is none stops the run on all ranks.
void Simulation::Parts::check_finite(Step step) const {
  comm_.together([&] {
    if (engine_->find_non_finite()) fail_non_finite(step);
  });
}

/// `step`: the first at whose end a state was no number, as far as is known.
void Simulation::Parts::fail_non_finite(Step step) const {
  const auto bad = engine_->find_non_finite();
  if (!bad) return;
  const PopulationLayout& share = layout_.populations[bad->population];
  throw RuntimeError(
      fmt::format("population {}: {} of neuron {} is not a finite number at {:g} ms; a smaller dt or other "
                  "parameters may help",
                  share.name, bad->variable, share.first + bad->neuron, static_cast<double>(step) * config_.dt));
}

void Simulation::Parts::gather_summary(Step reached, double seconds) {
  timer_.move(Phase::exchange, Phase::wait, exchange_->statistics().wait_seconds);
  const EngineBytes bytes = engine_->bytes();
  mine_.peak_memory = peak_memory_bytes();
  mine_.memory = {bytes.synapses + bytes.rows, bytes.rings, bytes.state, bytes.spikes + exchange_->bytes()};
  mine_.phases = timer_.seconds();
  mine_.exchange = exchange_->statistics();
  const double output = timer_.seconds(Phase::output);
  summary_.output_seconds = comm_.max(output);
  summary_.checkpoint_seconds = comm_.max(summary_.checkpoint_seconds);
  summary_.simulate_seconds = comm_.max(seconds - output);
  summary_.until_ms = static_cast<double>(reached) * config_.dt;
  summary_.complete = reached == last_;
  comm_.sum(std::span<std::uint64_t>(spikes_by_population_));
  summary_.spikes = 0;
  for (std::size_t p = 0; p < spikes_by_population_.size(); ++p) {
    summary_.populations[p].spikes = spikes_by_population_[p];
    summary_.spikes += spikes_by_population_[p];
  }
  summary_.by_rank = comm_.gather(mine_);
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
