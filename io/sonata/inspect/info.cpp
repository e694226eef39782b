#include "io/sonata/inspect/info.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.hpp"
#include "io/checkpoint/checkpoint_file.hpp"
#include "io/checkpoint/seal.hpp"
#include "io/files/guard.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/hdf5/library.hpp"
#include "io/results/provenance.hpp"
#include "io/sonata/inspect/network_info.hpp"
#include "io/sonata/recordings/reader.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t at_a_time = std::uint64_t{1} << 20;  // elements

std::string bytes_text(std::uint64_t bytes) {
  constexpr const char* units[] = {"bytes", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000.0 && unit < 4; ++unit) value *= 1e-3;
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

std::string spikes_line(const SpikePopulation& p) {
  double first = std::numeric_limits<double>::infinity(), last = -first;
  std::uint64_t largest = 0;
  for (std::uint64_t i = 0; i < p.size(); i += at_a_time) {
    const std::uint64_t count = std::min(at_a_time, p.size() - i);
    for (const double t : p.times(i, count)) {
      first = std::min(first, t);
      last = std::max(last, t);
    }
    for (const auto id : p.ids(i, count)) largest = std::max(largest, id);
    if (p.has_steps()) p.steps(i, count);
  }
  const std::string neurons = p.neurons()    ? fmt::format("{}", *p.neurons())
                              : p.size() > 0 ? fmt::format(">= {}", largest + 1)
                                             : "?";
  std::string rate = "-";
  if (const double span = p.t_stop().value_or(0.0) - p.t_start().value_or(0.0);
      p.neurons() && *p.neurons() > 0 && span > 0)
    rate = fmt::format("{:.3f} Hz", static_cast<double>(p.size()) / static_cast<double>(*p.neurons()) / (span * 1e-3));
  const std::string range =
      p.size() > 0 ? fmt::format("{:g} to {:g} {}", first, last, p.units().value_or("(no unit)")) : "-";
  return fmt::format("  {:<16} {:>12} {:>14} {:>14}  {}\n", p.name().empty() ? "(unnamed)" : p.name(), neurons,
                     p.size(), rate, range);
}

std::string describe_spikes(const hdf5::File& file) {
  const auto populations = open_spikes(file);
  std::string text = fmt::format("  {:<16} {:>12} {:>14} {:>14}  {}\n", "population", "neurons", "spikes", "mean rate",
                                 "first to last spike");
  std::uint64_t spikes = 0;
  for (const auto& p : populations) {
    text += spikes_line(p);
    spikes += p.size();
  }
  text += fmt::format("  {} population{}, {} spikes", populations.size(), populations.size() == 1 ? "" : "s", spikes);
  if (populations.empty()) return text + "\n";
  const auto& p = populations.front();
  if (p.t_stop()) text += fmt::format(", recorded from {:g} to {:g} ms", p.t_start().value_or(0.0), *p.t_stop());
  text += fmt::format(", sorting: {}", sonata::sorting_names()[static_cast<std::size_t>(p.sorting())]);
  return text + (p.has_steps() ? ", with time steps\n" : "\n");
}

std::string describe_report(const ReportPopulation& p) {
  float low = std::numeric_limits<float>::infinity(), high = -low;
  std::uint64_t not_finite = 0;
  const std::uint64_t rows = std::max<std::uint64_t>(1, at_a_time / std::max<std::uint64_t>(1, p.columns()));
  // A report without columns may claim any number of frames.
  for (std::uint64_t f = 0; p.columns() > 0 && f < p.frames(); f += rows)
    for (const float v : p.values<float>(f, std::min(rows, p.frames() - f))) {
      if (!std::isfinite(v)) ++not_finite;
      low = std::fmin(low, v);
      high = std::fmax(high, v);
    }
  const auto ids = p.node_ids();
  std::string text =
      fmt::format("  {}: {} of {} neuron{}, {} frames every {:g} ms from {:g} to {:g} ms, {}\n", p.name(),
                  p.variable().value_or("one variable"), ids.size(), ids.size() == 1 ? "" : "s", p.frames(), p.dt(),
                  p.start(), p.stop(), p.double_precision() ? "float64" : "float32");
  if (!ids.empty())
    text += fmt::format("    neurons {} to {}", *std::min_element(ids.begin(), ids.end()),
                        *std::max_element(ids.begin(), ids.end()));
  if (low <= high) text += fmt::format(", values from {:g} to {:g} {}", low, high, p.units().value_or("(no unit)"));
  text += not_finite > 0 ? fmt::format(", {} not finite\n", not_finite) : "\n";
  const double frames = (p.stop() - p.start()) / p.dt();
  if (std::abs(frames - static_cast<double>(p.frames())) > 0.5)
    text += fmt::format("    the time range corresponds to {:g} frames, not {}\n", frames, p.frames());
  return text;
}

std::string describe_reports(const hdf5::File& file) {
  std::string text;
  for (const auto& p : open_reports(file)) text += describe_report(p);
  return text;
}

std::string describe_checkpoint(const hdf5::File& file) {
  const std::string problem = checkpoint::problem_with(file.path());
  if (!problem.empty()) throw RuntimeError(fmt::format("'{}' is not a complete checkpoint ({})", file.path(), problem));
  return checkpoint::describe_checkpoint(file.path());
}

std::string describe_anything(const hdf5::File& file) {
  std::string text;
  for (const auto& name : file.members("/")) text += "  " + name + "\n";
  return text;
}

struct FileKind {
  const char* group;
  const char* name;
  std::string (*describe)(const hdf5::File&);
};
constexpr FileKind kinds[] = {{"/spikes", "spikes (SONATA)", describe_spikes},
                              {"/report", "report (SONATA)", describe_reports},
                              {"/edges", "edges (SONATA)", sonata::describe_edges},
                              {"/nodes", "nodes (SONATA)", sonata::describe_nodes},
                              {"/checkpoint", "checkpoint (Ranvier)", describe_checkpoint}};

}  // namespace

std::string describe_file(const std::string& path) {
  const auto file = hdf5::File::open(path);
  std::string text = fmt::format("{}: ", path), body, names;
  for (const auto& kind : kinds)
    if (file.has(kind.group)) {
      names += (names.empty() ? "" : ", ") + std::string(kind.name);
      body += kind.describe(file);
    }
  if (names.empty()) {
    names = "HDF5 file of unknown content, with";
    body = describe_anything(file);
  }
  text += fmt::format("{}, {}\n{}", names, bytes_text(hdf5::file_size(path)), body);
  const auto provenance = read_provenance(file);
  return text + "provenance: " + (provenance ? describe(*provenance) : "none recorded\n");
}

std::string info(const std::string& path) {
  hdf5::file_size(path);
  return guard::run(fmt::format("cannot read '{}'", path), [&] { return describe_file(path); });
}

}  // namespace ranvier
