#include "core/run/run_loop.hpp"

#include <algorithm>

namespace ranvier {

RunLoop::RunLoop(RunningNetwork& network, Recorder& recorder, const FiniteStates& finite, const Communicator& comm,
                 PhaseTimer& timer)
    : network_(network),
      engine_(*network.engine),
      exchange_(*network.exchange),
      recorder_(recorder),
      finite_(finite),
      comm_(comm),
      timer_(timer),
      counter_(network.layout),
      stages_(timer) {
  step_stages_.push_back({"ranvier::sample", Phase::output, [this](Step step) { return recorder_.next_sample(step); },
                          [this](Step step) { recorder_.sample(engine_, step); }});
  add_update();
  if (exchange_.space() == MemorySpace::host)
    add_exchange_in_host_memory();
  else
    add_exchange_on_device();
}

void RunLoop::add_update() {
  stages_.add({"ranvier::update", Phase::update, [this](const Interval& interval) { update(interval); }});
  if (engine_.acts_after_interval())
    stages_.add({"ranvier::end_interval", Phase::update,
                 [this](const Interval& interval) { engine_.end_interval(interval.first, interval.steps); }});
}

void RunLoop::add_exchange_in_host_memory() {
  stages_.add({"ranvier::fetch", Phase::update, [this](const Interval&) {
                 emitted_ = engine_.emitted(MemorySpace::host);
                 finite_.heed_steps();
               }});
  stages_.add({"ranvier::exchange", Phase::exchange, [this](const Interval&) { exchange_.start(emitted_); }});
  stages_.add({"ranvier::record", Phase::output, [this](const Interval&) { record(emitted_.on_host()); }});
  stages_.add({"ranvier::deliver", Phase::deliver,
               [this](const Interval&) { engine_.deliver(exchange_.local(), spikes_first_); }});
  add_signals();
  add_remote_delivery();
}

void RunLoop::add_exchange_on_device() {
  keep_ = comm_.min(engine_.most_intervals());
  stages_.add({"ranvier::exchange", Phase::exchange,
               [this](const Interval&) { exchange_.start(engine_.emitted(MemorySpace::device)); }});
  stages_.add({"ranvier::deliver", Phase::deliver,
               [this](const Interval&) { engine_.deliver(exchange_.local(), spikes_first_); }});
  add_signals();
  add_remote_delivery();
  stages_.add({"ranvier::collect", Phase::update, [this](const Interval&) {
                 if (kept_ == keep_) collect();
               }});
}

void RunLoop::add_signals() {
  if (!network_.has_signals) return;
  stages_.add({"ranvier::signals", Phase::exchange, [this](const Interval& interval) { sum_signals(interval); }});
}

void RunLoop::add_remote_delivery() {
  if (comm_.size() == 1) return;
  stages_.add({"ranvier::exchange", Phase::exchange, [this](const Interval&) { remote_ = exchange_.finish(); }});
  stages_.add(
      {"ranvier::deliver", Phase::deliver, [this](const Interval&) { engine_.deliver(remote_, spikes_first_); }});
}

/// All steps of the interval, stopping for what is due at the end of steps on the way.
void RunLoop::update(const Interval& interval) {
  if (kept_ == 0) {
    spikes_first_ = interval.first;
    engine_.begin_spikes(spikes_first_);
  }
  ++kept_;
  if (network_.has_signals) engine_.begin_signals();
  for (Step step = interval.first; step < interval.end();) {
    Step due = interval.end();
    for (const StepStage& stage : step_stages_) due = std::min(due, stage.next(step - 1));
    const Step stop = std::min(interval.end(), due + 1);
    engine_.update(step, static_cast<int>(stop - step));
    for (const StepStage& stage : step_stages_) {
      if (due == interval.end() || stage.next(step - 1) != due) continue;
      const PhaseScope scope(timer_, stage.phase, stage.name);
      stage.act(due);
    }
    step = stop;
  }
}

void RunLoop::record(std::span<const Spike> spikes) {
  kept_ = 0;
  recorder_.spikes(spikes, spikes_first_);
  counter_.add(spikes);
}

void RunLoop::collect() {
  if (kept_ == 0) return;
  const PhaseScope scope(timer_, Phase::update, "ranvier::collect");
  const SpikeList spikes = engine_.emitted(MemorySpace::host);
  finite_.heed_steps();
  const PhaseScope output(timer_, Phase::output, "ranvier::record");
  record(spikes.on_host());
}

void RunLoop::sum_signals(const Interval& interval) {
  comm_.sum(engine_.signals(interval.first));
  engine_.receive_signals(interval.first, interval.steps);
}

void RunLoop::send_initial_signals() {
  if (!network_.has_signals) return;
  engine_.begin_signals();
  engine_.sum_initial_signals();
  engine_.fence();
  sum_signals({0, 1});
}

}  // namespace ranvier
