#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/readable.hpp"
#include "core/estimate/estimate.hpp"

namespace ranvier {
namespace {

constexpr std::size_t most_lines = 32;

std::string count(double n) { return readable_count(static_cast<std::uint64_t>(std::llround(n))); }

std::string receptors(const PopulationConfig& p) {
  std::string text;
  for (const auto& r : p.receptors) text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", r.name, r.model);
  return text;
}

/// One line per element, up to a limit.
template <class List, class Line>
std::string lines(const List& list, Line line) {
  std::string text;
  for (std::size_t i = 0; i < std::min(list.size(), most_lines); ++i) text += line(list[i]);
  if (list.size() > most_lines) text += fmt::format("  ... and {} more\n", list.size() - most_lines);
  return text;
}

std::size_t widest(std::size_t least, const auto& list, auto text) {
  for (const auto& item : list) least = std::max(least, text(item).size());
  return least;
}

std::string populations(const Config& config) {
  const auto width = widest(10, config.populations, [](const auto& p) { return p.name; });
  const auto models = widest(5, config.populations, [](const auto& p) { return p.model; });
  return fmt::format("  {:<{}}  {:>12}  {:<{}}  receptors\n", "population", width, "neurons", "model", models) +
         lines(config.populations, [&](const PopulationConfig& p) {
           return fmt::format("  {:<{}}  {:>12}  {:<{}}  {}\n", p.name, width, readable_count(p.size), p.model, models,
                              receptors(p));
         });
}

std::string projections(const Config& config, const Estimate& e) {
  const auto width = widest(10, e.projections, [](const auto& p) { return p.key; });
  return fmt::format("  {:<{}}  {:>15}  {:>16}  rule\n", "projection", width, "synapses", "delay (ms)") +
         lines(e.projections, [&](const ProjectionEstimate& p) {
           const auto ms = [&](Step s) { return fmt::format("{:g}", static_cast<double>(s) * config.dt); };
           const auto delay =
               p.min_delay == p.max_delay ? ms(p.min_delay) : fmt::format("{} to {}", ms(p.min_delay), ms(p.max_delay));
           return fmt::format("  {:<{}}  {:>15}  {:>16}  {}\n", p.key, width, count(p.synapses), delay, p.rule);
         });
}

std::string per_rank(const Config& config, const Estimate& e) {
  const auto& m = e.rank_memory;
  const auto row = [](const char* name, const std::string& value) {
    return fmt::format("  {:<20}  {:>15}\n", name, value);
  };
  const auto bytes = [](std::uint64_t b) { return readable_bytes(static_cast<double>(b)); };
  std::string text = fmt::format("  per rank, of {}\n", e.ranks);
  text += row("neurons", readable_count(e.rank_neurons)) + row("synapses", count(e.rank_synapses));
  text += row("memory of synapses", bytes(m.synapses)) + row("memory of rings", bytes(m.rings)) +
          row("memory of state", bytes(m.state)) + row("memory of tables", bytes(m.tables)) +
          row("memory of recordings", bytes(e.recording_memory)) +
          row("memory in all", bytes(m.total() + e.recording_memory));
  if (e.ranks > 1) text += row("spikes per exchange", fmt::format("{:.4g} at 10 Hz", 10.0 * e.spikes_sent_per_hz));
  if (e.signals > 0) text += row("signals summed", readable_count(e.signals));
  return text + row("exchange every", fmt::format("{:g} ms", static_cast<double>(e.interval) * config.dt));
}

}  // namespace

std::string print_estimate(const Config& config, const Estimate& e) {
  std::string text =
      fmt::format("{}: {} neurons, {} synapses\n", config.name, readable_count(e.neurons), count(e.synapses));
  text += fmt::format("{} in {} steps of {:g} ms, seed {}, {} precision\n\n", readable_time(config.duration),
                      readable_count(static_cast<std::uint64_t>(config.steps)), config.dt, config.seed,
                      config.precision == Precision::single ? "single" : "double");
  text += populations(config) + "\n";
  if (!e.projections.empty()) text += projections(config, e) + "\n";
  return text + per_rank(config, e);
}

}  // namespace ranvier
