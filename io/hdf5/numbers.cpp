#include "io/hdf5/numbers.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"

namespace ranvier::hdf5 {
namespace {

Dataset open_list(const File& file, const std::string& path) {
  auto dataset = Dataset::open(file, path);
  if (dataset.extent().size() != 1)
    throw RuntimeError(fmt::format("{} has {} dimensions; one is expected", dataset.name(), dataset.extent().size()));
  dataset.check_size();
  return dataset;
}

}  // namespace

std::uint64_t count_numbers(const ranvier::Dataset& dataset) {
  const auto file = File::open(dataset.file);
  return open_list(file, dataset.path).size();
}

std::vector<double> read_numbers(const ranvier::Dataset& dataset) {
  return read_numbers(dataset, 0, count_numbers(dataset));
}

std::vector<double> read_numbers(const ranvier::Dataset& dataset, std::uint64_t first, std::uint64_t count) {
  const auto file = File::open(dataset.file);
  const auto opened = open_list(file, dataset.path);
  if (first > opened.size() || count > opened.size() - first)
    throw RuntimeError(fmt::format("{} holds {} numbers; {} from number {} on are needed", opened.name(), opened.size(),
                                   count, first));
  std::vector<double> values(count);
  if (count > 0) opened.read({first}, {count}, values.data());
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!std::isfinite(values[i]))
      throw RuntimeError(fmt::format("number {} of {} is not finite ({})", first + i, opened.name(), values[i]));
    values[i] *= dataset.unit_factor;
  }
  return values;
}

std::vector<std::uint64_t> read_ids(const Dataset& dataset) {
  dataset.check_size();
  return read_ids(dataset, 0, dataset.size());
}

std::vector<std::uint64_t> read_ids(const Dataset& dataset, std::uint64_t first, std::uint64_t count) {
  std::vector<std::uint64_t> ids(count);
  if (count == 0) return ids;
  const auto refuse = [&](std::uint64_t i, auto value) {
    throw RuntimeError(
        fmt::format("number {} of {} is {}; whole numbers from 0 on are expected", first + i, dataset.name(), value));
  };
  if (dataset.kind() == Kind::signed_integer) {
    std::vector<std::int64_t> values(count);
    dataset.read({first}, {count}, values.data());
    for (std::uint64_t i = 0; i < count; ++i) {
      if (values[i] < 0) refuse(i, values[i]);
      ids[i] = static_cast<std::uint64_t>(values[i]);
    }
  } else if (dataset.kind() == Kind::floating) {
    std::vector<double> values(count);
    dataset.read({first}, {count}, values.data());
    for (std::uint64_t i = 0; i < count; ++i) {
      // Above 2^53 a double can no longer tell one id from the next.
      if (!(values[i] >= 0.0 && values[i] <= 9007199254740992.0) || values[i] != std::floor(values[i]))
        refuse(i, values[i]);
      ids[i] = static_cast<std::uint64_t>(values[i]);
    }
  } else {
    dataset.read({first}, {count}, ids.data());
  }
  return ids;
}

}  // namespace ranvier::hdf5
