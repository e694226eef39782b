#include "io/sonata/recordings/spike_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/suggest.hpp"
#include "io/files/guard.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/hdf5/numbers.hpp"
#include "io/text/csv.hpp"
#include "io/text/text_file.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t block = 1 << 20;
constexpr std::size_t largest_csv = std::size_t{2} << 30;
constexpr std::size_t most_named = 20;

using Take = std::function<void(std::span<const std::uint64_t>, std::span<const double>)>;

void take_hdf5(const Dataset& population, const Take& take) {
  const auto file = hdf5::File::open(population.file);
  const std::string ids_name = file.has(population.path + "/gids") ? "/gids" : "/node_ids";
  const auto ids = hdf5::Dataset::open(file, population.path + ids_name);
  const std::string times_path = population.path + "/timestamps";
  const auto times = hdf5::Dataset::open(file, times_path);
  if (ids.extent().size() != 1 || ids.extent() != times.extent())
    throw RuntimeError(fmt::format("'{}' of '{}' has {} ids but {} times", population.path, population.file, ids.size(),
                                   times.size()));
  const std::string units = hdf5::read_text_attribute(file, times_path, "units").value_or("ms");
  if (units != "ms" && units != "milliseconds")
    throw RuntimeError(fmt::format("{} is in '{}'; ms are expected", times.name(), units));
  ids.check_size();
  times.check_size();
  std::vector<double> values;
  for (std::uint64_t first = 0; first < times.size(); first += block) {
    values.resize(std::min(block, times.size() - first));
    times.read({first}, {values.size()}, values.data());
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] *= population.unit_factor;
      if (!std::isfinite(values[i]) || values[i] < 0.0)
        throw RuntimeError(
            fmt::format("number {} of {} is {}; times from 0 on are expected", first + i, times.name(), values[i]));
    }
    take(hdf5::read_ids(ids, first, values.size()), values);
  }
}

void take_csv(const Dataset& population, const Take& take) {
  const std::string text = read_text_file(population.file, largest_csv);
  sonata::CsvLines csv(text, population.file);
  std::vector<std::string> columns, fields;
  if (!csv.next(columns)) csv.fail("the file is empty; a line with the names of the columns is expected");
  const auto position = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) - columns.begin());
  };
  const std::size_t times_at = position("timestamps"), ids_at = position("node_ids"), names_at = position("population");
  if (times_at == columns.size() || ids_at == columns.size()) csv.fail("expected the columns timestamps and node_ids");
  const std::string name = population.path.substr(population.path.rfind('/') + 1);
  std::vector<std::uint64_t> ids;
  std::vector<double> times;
  std::set<std::string> others;  // populations
  bool found = false;
  const auto pass_on = [&] {
    take(ids, times);
    ids.clear();
    times.clear();
    guard::progress();
  };
  while (csv.next(fields)) {
    if (fields.size() != columns.size())
      csv.fail(fmt::format("{} fields for {} columns", fields.size(), columns.size()));
    if (names_at < columns.size() && fields[names_at] != name) {
      if (others.size() < most_named) others.insert(fields[names_at]);
      continue;
    }
    found = true;
    const auto id = sonata::csv_integer(csv, fields[ids_at], "node_ids");
    const double time = sonata::csv_number(csv, fields[times_at], "timestamps") * population.unit_factor;
    if (id < 0 || time < 0.0) csv.fail("ids and times from 0 on are expected");
    ids.push_back(static_cast<std::uint64_t>(id));
    times.push_back(time);
    if (ids.size() == block) pass_on();
  }
  pass_on();
  if (found || others.empty()) return;
  const std::vector<std::string> known(others.begin(), others.end());
  const auto near = did_you_mean(name, known);
  throw UsageError(fmt::format("'{}' has no spikes of the population '{}', only of others.{}", population.file, name,
                               near.empty() ? fmt::format(" It has: {}", fmt::join(known, ", ")) : near));
}

}  // namespace

void for_spikes(const Dataset& population, const Take& take) {
  population.is_csv() ? take_csv(population, take) : take_hdf5(population, take);
}

Step step_at_or_after(double time_ms, double dt_ms) {
  constexpr double per_us = 1e3;
  constexpr Step last = std::numeric_limits<Step>::max() / 4;
  // dt is a whole number of microseconds as a rule, and then a time off the grid is far from it.
  constexpr double rounding = 1e-6;
  const double steps = std::ceil(std::round(time_ms * per_us) / (dt_ms * per_us) - rounding);
  return steps < static_cast<double>(last) ? static_cast<Step>(steps) : last;
}

}  // namespace ranvier
