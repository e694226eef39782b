#include "io/datasets/numbers.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>

#include "core/base/error.hpp"
#include "io/files/guard.hpp"
#include "io/hdf5/numbers.hpp"
#include "io/sonata/edges/edges_reader.hpp"
#include "io/sonata/nodes/selected_nodes.hpp"
#include "io/sonata/recordings/spike_input.hpp"

namespace ranvier {

namespace {

Dataset resolved(const Dataset& dataset, const std::string& directory) {
  const std::filesystem::path path(dataset.file);
  Dataset result = dataset;
  if (path.is_relative()) result.file = (std::filesystem::path(directory) / path).string();
  return result;
}

void require_count(const Dataset& dataset, std::uint64_t expected) {
  if (const auto found = hdf5::count_numbers(dataset); found != expected)
    throw RuntimeError(
        fmt::format("'{}' of '{}' holds {} numbers, but {} are needed", dataset.path, dataset.file, found, expected));
}

/// Collects what is wrong with the datasets of a config.
class DatasetChecker {
 public:
  explicit DatasetChecker(std::string directory) : directory_(std::move(directory)) {}

  void numbers(const std::string& owner, const Dataset& dataset, std::optional<std::uint64_t> expected) {
    const Dataset where = resolved(dataset, directory_);
    check(owner, where, [&] {
      if (expected) require_count(where, *expected);
      hdf5::read_numbers(where);
    });
  }
  void values(const std::string& owner, const ValueMap& map, std::optional<std::uint64_t> expected) {
    for (const auto& [name, value] : map)
      if (const auto* dataset = std::get_if<Dataset>(&value)) numbers(owner + "." + name, *dataset, expected);
  }
  /// What a nodes file gives node by node.
  void of_nodes(const std::string& owner, const PopulationConfig& p) {
    std::optional<IdSet> selected;
    const auto values = [&](const std::string& what, const ValueMap& map) {
      for (const auto& [name, value] : map) {
        const auto* v = std::get_if<NodeValues>(&value);
        if (!v || v->by_group.empty()) continue;
        if (!selected && !p.nodes->types.empty()) selected.emplace(selected_nodes(*p.nodes, 0, 1));
        const NodeIds ids(p.nodes->size, selected ? &*selected : nullptr);
        check(fmt::format("{}.{}.{}", owner, what, name), {p.nodes->file, v->by_group.front().second},
              [&] { check_node_values(*p.nodes, ids, *v); });
      }
    };
    values("params", p.params);
    values("init", p.init);
    for (const auto& r : p.receptors) values("receptors." + r.name, r.params);
  }
  /// Spikes of a population with that many nodes or neurons.
  void spikes(const std::string& owner, const Dataset& population, std::uint64_t size) {
    const Dataset where = resolved(population, directory_);
    check(owner, where, [&] {
      for_spikes(where, [&](auto ids, auto times) {
        for (std::size_t i = 0; i < ids.size(); ++i)
          if (ids[i] >= size)
            throw RuntimeError(
                fmt::format("'{}' of '{}' has a spike of id {} at {} ms, but the population has {} nodes, numbered "
                            "from 0; remove the spike, or give the spikes of this population",
                            where.path, where.file, ids[i], times[i], size));
      });
    });
  }
  /// A file of several projections is looked at once.
  void edges(const std::string& owner, const EdgesRequest& request) {
    const auto& e = request.edges;
    if (!seen_.insert({e.file, e.population, e.types, request.source.population, request.target.population}).second)
      return;
    try {
      check_edges_file(request);
    } catch (const std::runtime_error& error) {
      problems_ += (problems_.empty() ? "" : "\n") + owner + ": " + error.what();
    }
  }
  void finish() const {
    if (!problems_.empty()) throw UsageError(problems_);
  }

 private:
  template <class Read>
  void check(const std::string& owner, const Dataset& where, Read read) {
    try {
      guard::run(fmt::format("cannot read '{}' of '{}'", where.path, where.file), [&] {
        read();
        return std::string();
      });
    } catch (const std::runtime_error& error) {
      problems_ += (problems_.empty() ? "" : "\n") + owner + ": " + error.what();
    }
  }

  std::string directory_, problems_;
  std::set<std::array<std::string, 5>> seen_;
};

}  // namespace

std::vector<double> read_numbers(const Dataset& dataset, const std::string& directory, std::uint64_t first,
                                 std::uint64_t count, std::uint64_t expected) {
  const Dataset where = resolved(dataset, directory);
  require_count(where, expected);
  return hdf5::read_numbers(where, first, count);
}

std::vector<double> read_numbers(const Dataset& dataset, const std::string& directory) {
  return hdf5::read_numbers(resolved(dataset, directory));
}

std::vector<std::vector<double>> read_spike_times(const Dataset& population, const std::string& directory,
                                                  std::uint64_t first, std::uint64_t count, const NodeIds* nodes) {
  std::vector<std::vector<double>> lists(count);
  for_spikes(resolved(population, directory), [&](auto ids, auto times) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (nodes && !nodes->contains(ids[i])) continue;
      const std::uint64_t neuron = nodes ? nodes->neuron(ids[i]) : ids[i];
      if (neuron >= first && neuron - first < count) lists[neuron - first].push_back(times[i]);
    }
  });
  return lists;
}

void check_datasets(const Config& config) {
  DatasetChecker check(config.directory);
  for (const auto& p : config.populations) {
    const std::string owner = "populations." + p.name;
    check.values(owner + ".params", p.params, p.size);
    check.values(owner + ".init", p.init, p.size);
    for (const auto& r : p.receptors) check.values(owner + ".receptors." + r.name, r.params, p.size);
    if (p.nodes) check.of_nodes(owner, p);
    if (p.spike_file) check.spikes(owner, *p.spike_file, p.nodes ? p.nodes->size : p.size);
  }
  for (const auto& p : config.projections) {
    const PopulationConfig* target = config.find_population(p.target);
    const auto one_each = target != nullptr ? std::optional(target->size) : std::nullopt;
    check.values("projection " + p.key, {{"weight", p.weight}, {"delay", p.delay}}, one_each);
    if (p.edges) check.edges("projection " + p.key, edges_request(config, p));
  }
  for (const auto& input : config.inputs) {
    check.values("input " + input.key, input.params, std::nullopt);
    if (input.times_file) check.numbers("input " + input.key + ".times", *input.times_file, std::nullopt);
  }
  check.finish();
}

}  // namespace ranvier
