#include "io/numbers.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "core/base/error.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/hdf5/file.hpp"

namespace ranvier {

namespace {

std::string resolve(const std::string& file, const std::string& directory) {
  const std::filesystem::path path(file);
  return path.is_absolute() ? file : (std::filesystem::path(directory) / path).string();
}

void scale(std::vector<double>& values, double factor) {
  if (factor == 1.0) return;
  for (double& v : values) v *= factor;
}

hdf5::Dataset open_list(const hdf5::File& file, const std::string& path) {
  hdf5::Dataset data = hdf5::Dataset::open(file, path);
  if (data.extent().size() != 1)
    throw RuntimeError(fmt::format("{} has {} dimensions; a list of numbers has one", data.name(), data.extent().size()));
  return data;
}

}  // namespace

std::vector<double> read_numbers(const Dataset& dataset, const std::string& directory, std::uint64_t first,
                                 std::uint64_t count, std::uint64_t expected) {
  const hdf5::File file = hdf5::File::open(resolve(dataset.file, directory));
  const hdf5::Dataset data = open_list(file, dataset.path);
  if (data.size() != expected)
    throw RuntimeError(fmt::format("{} holds {} numbers, but {} are needed", data.name(), data.size(), expected));
  data.check_size();
  std::vector<double> values(count);
  if (count > 0) data.read<double>({first}, {count}, values.data());
  scale(values, dataset.unit_factor);
  return values;
}

std::vector<double> read_numbers(const Dataset& dataset, const std::string& directory) {
  const hdf5::File file = hdf5::File::open(resolve(dataset.file, directory));
  std::vector<double> values = open_list(file, dataset.path).read<double>();
  scale(values, dataset.unit_factor);
  return values;
}

std::vector<std::vector<double>> read_spike_times(const Dataset& population, const std::string& directory,
                                                  std::uint64_t first, std::uint64_t count) {
  const hdf5::File file = hdf5::File::open(resolve(population.file, directory));
  const bool old_layout = file.has(population.path + "/gids");
  const auto nodes = open_list(file, population.path + (old_layout ? "/gids" : "/node_ids")).read<std::uint64_t>();
  const auto times = open_list(file, population.path + "/timestamps").read<double>();
  if (nodes.size() != times.size())
    throw RuntimeError(fmt::format("'{}' of '{}' has {} ids but {} times", population.path, file.path(), nodes.size(), times.size()));
  std::vector<std::vector<double>> lists(count);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i] >= first && nodes[i] < first + count) lists[nodes[i] - first].push_back(times[i] * population.unit_factor);
  return lists;
}

}  // namespace ranvier
