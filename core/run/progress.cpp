#include "core/run/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/base/clock.hpp"
#include "core/base/readable.hpp"

namespace ranvier {
namespace {

constexpr auto redraw_every = std::chrono::milliseconds(200);
constexpr auto line_every = std::chrono::seconds(10);
constexpr int bar_width = 28;

/// Whether somebody looks at a terminal. mpirun gives its first rank one in any case, also when its own output goes to a
/// file, so there the launcher's output decides.
bool is_seen_live(std::FILE* out) {
  if (::isatty(::fileno(out)) != 1) return false;
  if (std::getenv("OMPI_COMM_WORLD_RANK") == nullptr) return true;
  std::error_code unknown;
  const auto target = std::filesystem::read_symlink(fmt::format("/proc/{}/fd/1", ::getppid()), unknown).string();
  return target.rfind("/dev/pts/", 0) == 0 || target.rfind("/dev/tty", 0) == 0 || target == "/dev/console";
}

/// Biological time in the unit that fits the length of the run.
std::string biological(double now_ms, double until_ms) {
  return until_ms < 1000.0 ? fmt::format("{:.1f} / {:.1f} ms", now_ms, until_ms)
                           : fmt::format("{:.3f} / {:.3f} s", now_ms * 1e-3, until_ms * 1e-3);
}

}  // namespace

std::string progress_bar(const ProgressState& s) {
  const double all = s.until_ms - s.from_ms;
  const double done = all > 0.0 ? std::clamp((s.now_ms - s.from_ms) / all, 0.0, 1.0) : 1.0;
  const int full = static_cast<int>(done * bar_width);
  std::string cells;
  for (int i = 0; i < bar_width; ++i) cells += i < full ? "█" : "░";
  return fmt::format("{} {:3.0f} %  {}  RTF {:.3g}  {:.2f} Hz  {} left", cells, 100.0 * done,
                     biological(s.now_ms, s.until_ms), s.factor, s.rate_hz,
                     readable_duration((s.until_ms - s.now_ms) * 1e-3 * s.factor));
}

std::string progress_line(const ProgressState& s) {
  return fmt::format("{} after {}: RTF {:.3g}, {:.2f} Hz, {} left", biological(s.now_ms, s.until_ms),
                     readable_duration(s.wall_s), s.factor, s.rate_hz,
                     readable_duration((s.until_ms - s.now_ms) * 1e-3 * s.factor));
}

Progress::Progress(std::FILE* out) : Progress(out, is_seen_live(out)) {}
Progress::Progress(std::FILE* out, bool terminal) : out_(out), terminal_(terminal) {}
Progress::~Progress() { end(); }

void Progress::begin(double from_ms, double until_ms, std::uint64_t neurons) {
  from_ms_ = recent_ms_ = from_ms;
  until_ms_ = until_ms;
  neurons_ = neurons;
  begin_ = recent_at_ = Clock::now();
  factor_ = 0.0;
  next_ = begin_ + (terminal_ ? Clock::duration(redraw_every) : Clock::duration(line_every));
}

void Progress::update(double now_ms, std::uint64_t spikes) {
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? Clock::duration(redraw_every) : Clock::duration(line_every));
  const double biological_s = (now_ms - recent_ms_) * 1e-3;
  if (biological_s > 0.0) {
    // The factor of late, smoothed: what is to come resembles the last seconds more than the start.
    const double latest = in_seconds(now - recent_at_) / biological_s;
    factor_ = factor_ == 0.0 ? latest : 0.7 * factor_ + 0.3 * latest;
    recent_ms_ = now_ms;
    recent_at_ = now;
  }
  const ProgressState state{.now_ms = now_ms,
                            .from_ms = from_ms_,
                            .until_ms = until_ms_,
                            .wall_s = in_seconds(now - begin_),
                            .factor = factor_,
                            .rate_hz = rate(now_ms, spikes)};
  const std::string text =
      terminal_ ? fmt::format("\r{}\x1b[K", progress_bar(state)) : fmt::format("{}\n", progress_line(state));
  std::fputs(text.c_str(), out_);
  std::fflush(out_);
  drawn_ = terminal_;
}

void Progress::end() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", out_);
  std::fflush(out_);
  drawn_ = false;
}

double Progress::rate(double now_ms, std::uint64_t spikes) const {
  const double neuron_seconds = static_cast<double>(neurons_) * (now_ms - from_ms_) * 1e-3;
  return neuron_seconds > 0.0 ? static_cast<double>(spikes) / neuron_seconds : 0.0;
}

}  // namespace ranvier
