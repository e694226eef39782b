#include "io/sonata/recordings/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/hdf5/numbers.hpp"

namespace ranvier {
namespace {

/// Attributes of others may be integers.
std::optional<double> number(const hdf5::File& file, const std::string& path, const std::string& name) {
  return hdf5::read_scalar_attribute<double>(file, path, name);
}

sonata::Sorting read_sorting(const hdf5::File& file, const std::string& group) {
  // An enum by the format; older files hold its name.
  if (const auto text = hdf5::read_text_attribute(file, group, "sorting")) {
    const auto& names = sonata::sorting_names();
    const auto found = std::find(names.begin(), names.end(), *text);
    return found == names.end() ? sonata::Sorting::none : static_cast<sonata::Sorting>(found - names.begin());
  }
  const auto value = hdf5::read_scalar_attribute<std::uint8_t>(file, group, "sorting").value_or(0);
  return value <= 2 ? static_cast<sonata::Sorting>(value) : sonata::Sorting::none;
}

hdf5::Dataset open_ids(const hdf5::File& file, const std::string& group) {
  return hdf5::Dataset::open(file, group + (file.has(group + "/node_ids") ? "/node_ids" : "/gids"));
}

void require_list(const hdf5::Dataset& dataset, std::uint64_t count) {
  if (const auto dimensions = dataset.extent().size(); dimensions != 1)
    throw RuntimeError(fmt::format("{} has {} dimensions; one is expected", dataset.name(), dimensions));
  if (dataset.extent() != hdf5::Extent{count})
    throw RuntimeError(fmt::format("{} has {} elements where there are {} spikes; the file is damaged", dataset.name(),
                                   dataset.size(), count));
  dataset.check_size();
}

}  // namespace

SpikePopulation::SpikePopulation(const hdf5::File& file, std::string name, const std::string& group)
    : name_(std::move(name)), times_(hdf5::Dataset::open(file, group + "/timestamps")), ids_(open_ids(file, group)) {
  count_ = times_.size();
  require_list(times_, count_);
  require_list(ids_, count_);
  if (file.has(group + "/step")) {
    steps_ = hdf5::Dataset::open(file, group + "/step");
    require_list(*steps_, count_);
  }
  neurons_ = hdf5::read_scalar_attribute<std::uint64_t>(file, group, "size");
  t_start_ = number(file, group, "t_start");
  t_stop_ = number(file, group, "t_stop");
  units_ = hdf5::read_text_attribute(file, group + "/timestamps", "units");
  sorting_ = read_sorting(file, group);
}

std::vector<double> SpikePopulation::times(std::uint64_t first, std::uint64_t count) const {
  std::vector<double> values(count);
  if (count > 0) times_.read({first}, {count}, values.data());
  return values;
}

std::vector<std::uint64_t> SpikePopulation::ids(std::uint64_t first, std::uint64_t count) const {
  return hdf5::read_ids(ids_, first, count);
}

std::vector<Step> SpikePopulation::steps(std::uint64_t first, std::uint64_t count) const {
  if (!steps_) throw RuntimeError(fmt::format("spikes of '{}' have no steps", name_));
  std::vector<Step> values(count);
  if (count > 0) steps_->read({first}, {count}, values.data());
  return values;
}

std::vector<SpikePopulation> open_spikes(const hdf5::File& file) {
  std::vector<SpikePopulation> populations;
  if (file.has("/spikes/timestamps")) {
    populations.emplace_back(file, "", "/spikes");
    return populations;
  }
  if (!file.has("/spikes")) throw RuntimeError(fmt::format("'{}' has no group '/spikes'", file.path()));
  for (const auto& name : file.members("/spikes")) populations.emplace_back(file, name, "/spikes/" + name);
  return populations;
}

ReadSpikes read_spikes(const std::string& path, const std::string& population) {
  const auto file = hdf5::File::open(path);
  const auto all = open_spikes(file);
  const SpikePopulation* found = population.empty() && all.size() == 1 ? &all.front() : nullptr;
  std::string names;
  for (const auto& p : all) {
    if (p.name() == population) found = &p;
    names += (names.empty() ? "" : ", ") + p.name();
  }
  if (!found) throw RuntimeError(fmt::format("'{}' has no spikes of '{}'; it has: {}", path, population, names));
  if (found->units().value_or("ms") != "ms")
    throw RuntimeError(
        fmt::format("spike times of '{}' in '{}' are in '{}'; ms are expected", found->name(), path, *found->units()));
  ReadSpikes list{found->times(0, found->size()), found->ids(0, found->size())};
  for (std::size_t i = 0; i < list.times.size(); ++i)
    if (!std::isfinite(list.times[i]) || list.times[i] < 0.0)
      throw RuntimeError(fmt::format("spike {} of '{}' in '{}' is at {} ms; times from 0 on are expected", i,
                                     found->name(), path, list.times[i]));
  return list;
}

ReportPopulation::ReportPopulation(const hdf5::File& file, std::string name, const std::string& group)
    : name_(std::move(name)),
      data_(hdf5::Dataset::open(file, group + "/data")),
      node_ids_(hdf5::Dataset::open(file, group + "/mapping/node_ids")) {
  const auto extent = data_.extent();
  if (extent.size() != 2)
    throw RuntimeError(fmt::format("{} has {} dimensions; time and columns are expected", data_.name(), extent.size()));
  frames_ = extent[0];
  columns_ = extent[1];
  data_.check_size();
  const auto time = hdf5::Dataset::open(file, group + "/mapping/time").read<double>();
  if (time.size() != 3 || !(time[2] > 0.0) || !std::isfinite(time[0]) || !std::isfinite(time[1]))
    throw RuntimeError(
        fmt::format("'{}/mapping/time' of '{}' does not contain start, stop and dt", group, file.path()));
  start_ = time[0];
  stop_ = time[1];
  dt_ = time[2];
  units_ = hdf5::read_text_attribute(file, group + "/data", "units");
  variable_ = hdf5::read_text_attribute(file, group + "/data", "variable");
}

std::vector<std::uint64_t> ReportPopulation::node_ids() const { return hdf5::read_ids(node_ids_); }

std::vector<ReportPopulation> open_reports(const hdf5::File& file) {
  std::vector<ReportPopulation> populations;
  if (!file.has("/report")) throw RuntimeError(fmt::format("'{}' has no group '/report'", file.path()));
  for (const auto& name : file.members("/report")) populations.emplace_back(file, name, "/report/" + name);
  return populations;
}

}  // namespace ranvier
