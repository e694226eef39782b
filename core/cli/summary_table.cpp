#include "core/cli/summary_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/readable.hpp"

namespace ranvier {
namespace {

constexpr std::size_t most_populations = 24;

std::string seconds(double s) { return s < 100.0 ? fmt::format("{:.3f}", s) : fmt::format("{:.1f}", s); }

std::string plural(std::uint64_t n, const char* noun) {
  return fmt::format("{} {}{}", readable_count(n), noun, n == 1 ? "" : "s");
}

std::string populations(const RunSummary& s) {
  std::size_t width = 10;
  for (const auto& p : s.populations) width = std::max(width, p.name.size());
  const auto row = [width](std::string_view name, std::string_view neurons, std::string_view spikes,
                           std::string_view rate) {
    return fmt::format("  {:<{}}  {:>12}  {:>14}  {:>9}\n", name, width, neurons, spikes, rate);
  };
  const auto line = [&](const PopulationSummary& p) {
    return row(p.name, readable_count(p.neurons), readable_count(p.spikes),
               fmt::format("{:.3f}", p.rate(s.biological_ms())));
  };
  std::string text = row("population", "neurons", "spikes", "rate (Hz)");
  const std::size_t shown = std::min(s.populations.size(), most_populations);
  for (std::size_t i = 0; i < shown; ++i) text += line(s.populations[i]);
  if (shown < s.populations.size()) text += fmt::format("  ... and {} more\n", s.populations.size() - shown);
  PopulationSummary all{"all", "", s.neurons, s.spikes};
  if (s.populations.size() > 1) text += line(all);
  return text;
}

/// One line of minimum, mean and maximum over the ranks; on one rank a single number.
template <class Format>
std::string spread_row(const RunSummary& s, std::string_view name, const Spread& values, Format format) {
  std::string text = fmt::format("  {:<18}  {:>10}", name, format(values.mean));
  if (s.by_rank.size() > 1) text += fmt::format("  {:>10}  {:>10}", format(values.min), format(values.max));
  return text + "\n";
}

std::string header(const RunSummary& s, std::string_view title) {
  return s.by_rank.size() > 1 ? fmt::format("  {:<18}  {:>10}  {:>10}  {:>10}\n", title, "mean", "min", "max")
                              : fmt::format("  {}\n", title);
}

std::string phases(const RunSummary& s) {
  std::string text = header(s, "phase (s)");
  for (std::size_t p = 0; p < phase_count; ++p)
    text += spread_row(s, phase_name(static_cast<Phase>(p)),
                       spread(s.by_rank, [p](const RankSummary& r) { return r.phases[p]; }), seconds);
  return text;
}

std::string memory(const RunSummary& s) {
  const auto bytes = [](double b) { return readable_bytes(b); };
  const auto row = [&](const char* name, auto value) { return spread_row(s, name, spread(s.by_rank, value), bytes); };
  std::string text = header(s, "memory per rank");
  text += row("synapses", [](const RankSummary& r) { return r.memory.synapses; });
  text += row("rings", [](const RankSummary& r) { return r.memory.rings; });
  text += row("state", [](const RankSummary& r) { return r.memory.state; });
  text += row("tables", [](const RankSummary& r) { return r.memory.tables; });
  text += row("buffers", [](const RankSummary& r) { return r.memory.buffers; });
  text += row("peak of process", [](const RankSummary& r) { return r.peak_memory; });
  return text;
}

std::string exchange(const RunSummary& s) {
  if (s.by_rank.size() < 2) return {};
  const auto total = [&](auto value) {
    double sum = 0.0;
    for (const auto& r : s.by_rank) sum += static_cast<double>(value(r.exchange));
    return sum;
  };
  const double exchanges = std::max(1.0, total([](const auto& e) { return e.exchanges; }));
  return fmt::format("  exchange           {}, every {:g} ms; {:.1f} spikes and {} sent by a rank each time\n",
                     s.exchange, static_cast<double>(s.interval_steps) * s.dt_ms,
                     total([](const auto& e) { return e.spikes_sent; }) / exchanges,
                     readable_bytes(total([](const auto& e) { return e.bytes_sent; }) / exchanges));
}

}  // namespace

std::string heading(const RunSummary& s) {
  return fmt::format("{}: {}, {}\n{}, {}, {} precision\n", s.name.empty() ? "network" : s.name,
                     plural(s.neurons, "neuron"), plural(s.synapses, "synapse"),
                     plural(static_cast<std::uint64_t>(s.ranks), "rank"), s.device, s.precision);
}

std::string summary_table(const RunSummary& s) {
  std::string text =
      fmt::format("\n{}{} of biological time{}, real-time factor {:.3g} without output, {:.3g} with it\n",
                  s.complete ? "" : "stopped after ", readable_time(s.biological_ms()),
                  s.from_ms > 0.0 ? fmt::format(" from {} on", readable_time(s.from_ms)) : "", s.real_time_factor(),
                  s.real_time_factor_with_output());
  text += fmt::format("build {} s, simulate {} s, output {} s\n", seconds(s.build_seconds), seconds(s.simulate_seconds),
                      seconds(s.output_seconds));
  if (s.checkpoints > 0)
    text += fmt::format("{}, {} each, {} s in all\n", plural(s.checkpoints, "checkpoint"),
                        readable_bytes(static_cast<double>(s.checkpoint_bytes)), seconds(s.checkpoint_seconds));
  text += "\n";
  text += populations(s) + "\n" + phases(s) + "\n" + memory(s);
  const std::string talk = exchange(s);
  return talk.empty() ? text : text + "\n" + talk;
}

}  // namespace ranvier
