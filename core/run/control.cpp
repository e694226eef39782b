#include "core/run/control.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>

#include "core/base/clock.hpp"
#include "core/run/progress.hpp"

namespace ranvier {
namespace {

constexpr double check_every_s = 0.1;
constexpr double walltime_share = 0.99;
constexpr std::int64_t farthest_check = std::int64_t{1} << 20;

volatile std::sig_atomic_t signal_received = 0;
constexpr std::array signals{SIGUSR1, SIGUSR2, SIGTERM, SIGINT};
std::array<struct sigaction, signals.size()> actions_before;

extern "C" void note_signal(int number) { signal_received = number; }

}  // namespace

SignalGuard::SignalGuard() {
  signal_received = 0;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    struct sigaction action {};
    action.sa_handler = note_signal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    if (signals[i] == SIGINT) action.sa_flags |= static_cast<int>(SA_RESETHAND);
    sigaction(signals[i], &action, &actions_before[i]);
  }
}

SignalGuard::~SignalGuard() {
  signal_received = 0;
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &actions_before[i], nullptr);
}

int SignalGuard::received() { return signal_received; }

RunControl::RunControl(const Communicator& comm, Options options)
    : comm_(comm),
      options_(options),
      made_(Clock::now()),
      last_check_(made_),
      last_flush_(made_),
      last_checkpoint_(made_) {}

void RunControl::begin(double from_ms, double until_ms, std::uint64_t neurons) {
  until_check_ = distance_ = 1;
  last_check_ = last_flush_ = last_checkpoint_ = Clock::now();
  if (options_.progress != nullptr) options_.progress->begin(from_ms, until_ms, neurons);
}

void RunControl::end() {
  if (options_.progress != nullptr) options_.progress->end();
}

RunControl::Verdict RunControl::check(double now_ms, std::uint64_t spikes, std::uint64_t buffered) {
  const auto now = Clock::now();
  const bool late = options_.max_walltime_s > 0.0 &&
                    in_seconds(now - made_) + time_to_save_ >= walltime_share * options_.max_walltime_s;
  // Clocks differ between ranks: only rank 0's count, and all ranks compute the rest from the same sums.
  const auto of_root = [&](double x) { return comm_.is_root() ? x : 0.0; };
  std::array<double, 5> sums{of_root(in_seconds(now - last_check_)), of_root(in_seconds(now - last_flush_)),
                             of_root(in_seconds(now - last_checkpoint_)), static_cast<double>(spikes),
                             of_root(late ? 1.0 : 0.0)};
  comm_.sum(std::span<double>(sums));
  std::array<std::int64_t, 2> most{SignalGuard::received(), static_cast<std::int64_t>(buffered)};
  comm_.max(std::span<std::int64_t>(most));
  signal_ = static_cast<int>(most[0]);

  const auto [since_check, since_flush, since_checkpoint, all_spikes, out_of_time] = sums;
  const double wanted = static_cast<double>(distance_) * check_every_s / std::max(since_check, 1e-6);
  const double limited = std::clamp(wanted, 1.0, 16.0 * static_cast<double>(distance_));
  distance_ = std::min(farthest_check, static_cast<std::int64_t>(limited));
  until_check_ = distance_;
  last_check_ = now;

  Verdict verdict;
  verdict.write = static_cast<std::uint64_t>(most[1]) >= options_.most_buffered;
  verdict.flush = since_flush >= options_.flush_every_s;
  if (verdict.flush) last_flush_ = now;
  verdict.checkpoint = checkpoint_every_s_ > 0.0 && since_checkpoint >= checkpoint_every_s_;
  if (verdict.checkpoint) last_checkpoint_ = now;
  if (signal_ != 0)
    reason_ = StopReason::signal;
  else if (out_of_time > 0.0)
    reason_ = StopReason::walltime;
  verdict.stop = reason_ != StopReason::none;
  if (options_.progress != nullptr) options_.progress->update(now_ms, static_cast<std::uint64_t>(all_spikes));
  return verdict;
}

std::string RunControl::reason_text() const {
  switch (reason_) {
    case StopReason::signal: return fmt::format("signal {} ({})", signal_, ::strsignal(signal_));
    case StopReason::walltime: return "99 % of the wall time is used";
    case StopReason::none: break;
  }
  return {};
}

}  // namespace ranvier
