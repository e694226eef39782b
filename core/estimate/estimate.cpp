#include "core/estimate/estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

#include "core/base/error.hpp"
#include "core/build/network_builder.hpp"
#include "core/build/node_selections.hpp"
#include "core/build/partition.hpp"
#include "core/connectivity/rule_registry.hpp"
#include "io/sonata/edges/edges_reader.hpp"
#include "kernels/layout/layout.hpp"

namespace ranvier {
namespace {

/// The smallest and largest delay that a distribution is likely to give, in ms.
std::pair<double, double> likely_range(const Value& value) {
  if (const auto* constant = std::get_if<double>(&value)) return {*constant, *constant};
  const auto* d = std::get_if<Distribution>(&value);
  if (d == nullptr) return {0.0, 0.0};
  std::pair<double, double> range{0.0, 0.0};
  switch (d->kind) {
    case Distribution::Kind::normal:
    case Distribution::Kind::truncated_normal: range = {d->a - 5.0 * d->b, d->a + 5.0 * d->b}; break;
    case Distribution::Kind::lognormal:
      range = {d->unit_factor * std::exp(d->a - 5.0 * d->b), d->unit_factor * std::exp(d->a + 5.0 * d->b)};
      break;
    case Distribution::Kind::uniform: range = {d->a, d->b}; break;
    case Distribution::Kind::exponential: range = {0.0, 15.0 * d->a}; break;
    case Distribution::Kind::gamma: range = {0.0, d->b * (d->a + 5.0 * std::sqrt(d->a) + 10.0)}; break;
  }
  return {std::max(range.first, d->min.value_or(range.first)), std::min(range.second, d->max.value_or(range.second))};
}

Step in_steps(double ms, double dt) { return std::max<Step>(1, static_cast<Step>(std::llround(ms / dt))); }

/// Of `all` things of which each of `draws` draws takes one: how many are taken at least once.
double taken(double all, double draws) { return all > 0.0 ? all * -std::expm1(-draws / all) : 0.0; }

std::size_t index_of(const Config& config, const std::string& population) {
  for (std::size_t i = 0; i < config.populations.size(); ++i)
    if (config.populations[i].name == population) return i;
  throw UsageError(fmt::format("there is no population '{}'", population));
}

struct Estimator {
  const Config& config;
  const RuleRegistry& rules;
  const Catalogue catalogue;
  Partition partition;
  Estimate result;
  Layout layout;
  std::set<std::string> signals;  ///< states that are sent; projections of one share its sum
  std::map<const ProjectionConfig*, EdgesSummary> files;
  std::size_t real;  ///< bytes of a state, an accumulator and a weight

  Estimator(const Config& c, const Session& session, int ranks)
      : config(c),
        rules(session.rules()),
        catalogue(session.catalogue()),
        partition(sizes(c), ranks),
        real(c.precision == Precision::single ? 4 : 8) {
    result.ranks = ranks;
    result.neurons = partition.neurons();
  }

  static std::vector<std::uint64_t> sizes(const Config& config) {
    std::vector<std::uint64_t> result;
    for (const auto& p : config.populations) result.push_back(p.size);
    return result;
  }

  void projections() {
    check_rules(config, rules);
    Step shortest = 0, longest = 1;
    for (const auto& p : config.projections) {
      const auto source = index_of(config, p.source), target = index_of(config, p.target);
      if (!p.signal.empty()) {
        const Step delay = in_steps(std::get<double>(p.delay), config.dt);
        result.projections.push_back({p.key, fmt::format("{} (signal {})", p.rule.model, p.signal), 0.0, delay, delay});
        shortest = shortest == 0 ? delay : std::min(shortest, delay);
        signals.insert(p.source + "." + p.signal);
        continue;
      }
      const auto [low, high] = likely_range(p.delay);
      const auto connector =
          rules.connector(p.rule, {partition.size(source), partition.size(target), source == target});
      ProjectionEstimate e{p.key, p.rule.model, connector->expected(), in_steps(low, config.dt),
                           in_steps(high, config.dt)};
      e.bytes_per_synapse = static_cast<double>((is_constant(p.delay) ? 2 : 4) + (is_constant(p.weight) ? 0 : real));
      if (p.edges && !from_file(p, e)) {
        result.projections.push_back(std::move(e));
        continue;
      }
      result.synapses += e.synapses;
      shortest = shortest == 0 ? e.min_delay : std::min(shortest, e.min_delay);
      longest = std::max(longest, e.max_delay);
      result.projections.push_back(std::move(e));
    }
    result.interval = std::clamp<Step>(shortest == 0 ? longest_interval : shortest, 1, longest_interval);
    result.signals = signals.size();
    layout.interval = static_cast<std::uint32_t>(result.interval);
    layout.max_delay = static_cast<std::uint32_t>(longest);
  }

  /// Goes over all files of edges.
  void read_files() {
    const NodeSelections nodes(config);
    for (const auto& members : nodes.by_file()) {
      EdgesRequests requests;
      for (const std::size_t i : members) requests.push_back(nodes.request(config.projections[i]));
      try {
        const auto sums = summarise_edges(requests);
        for (std::size_t k = 0; k < members.size(); ++k) files[&config.projections[members[k]]] = sums[k];
      } catch (const std::runtime_error& error) {
        throw UsageError(fmt::format("projection {}: {}", config.projections[members.front()].key, error.what()));
      }
    }
  }

  /// False where the file has no edge for the projection.
  bool from_file(const ProjectionConfig& p, ProjectionEstimate& e) const {
    const EdgesSummary& file = files.at(&p);
    e.synapses = static_cast<double>(file.edges);
    if (p.edges->delay_from_file && file.edges > 0) {
      e.min_delay = file.min_delay;
      e.max_delay = file.max_delay;
    }
    const bool one_delay = p.edges->delay_from_file ? e.min_delay == e.max_delay : is_constant(p.delay);
    const bool one_weight = p.edges->weight_from_file ? file.one_weight : is_constant(p.weight);
    e.bytes_per_synapse = static_cast<double>((one_delay ? 2 : 4) + (one_weight ? 0 : real));
    return file.edges > 0;
  }

  std::uint32_t receptors(const PopulationConfig& p) const {
    const auto* model = catalogue.find(ModelKind::neuron, p.model);
    const std::size_t own = model == nullptr ? 0 : model->own_receptors.size();
    return static_cast<std::uint32_t>(own + p.receptors.size());
  }

  void neurons() {
    for (std::size_t i = 0; i < config.populations.size(); ++i) {
      const auto& p = config.populations[i];
      const auto share = partition.share(i, Rank{0});
      PopulationLayout part;
      part.name = p.name;
      part.size = p.size;
      part.first = share.first;
      part.count = static_cast<std::uint32_t>(share.count());
      part.receptors = receptors(p);
      layout.populations.push_back(std::move(part));
      result.rank_neurons += share.count();
    }
    LayoutLimits limits;
    limits.accumulator_bytes = real;
    limits.synapses_per_source =
        result.synapses / result.ranks / static_cast<double>(std::max<std::uint64_t>(1, result.neurons));
    lay_out(layout, limits);
    result.blocks = layout.blocks.size();
    result.rank_memory.rings = layout.ring_elements * real;
  }

  std::uint64_t arrays(const ModelInfo* model, const ValueMap& params) const {
    std::uint64_t count = 0;
    if (model == nullptr) return count;
    for (const auto& field : model->fields) count += field.role != Role::parameter ? 1 : 0;
    for (const auto& [name, value] : params) count += is_constant(value) ? 0 : 1;
    return count;
  }

  void state() {
    for (std::size_t i = 0; i < config.populations.size(); ++i) {
      const auto& p = config.populations[i];
      const auto* model = catalogue.find(ModelKind::neuron, p.model);
      std::uint64_t count = arrays(model != nullptr ? model : catalogue.find(ModelKind::source, p.model), p.params);
      for (const auto& r : p.receptors) count += arrays(catalogue.find(ModelKind::receptor, r.model), r.params);
      result.rank_memory.state += count * layout.populations[i].padded() * real;
    }
  }

  void synapses() {
    double bytes = 0.0, destinations = 0.0, slots = 0.0;
    const double share = 1.0 / result.ranks;
    for (std::size_t i = 0; i < config.projections.size(); ++i) {
      const auto& p = config.projections[i];
      if (!p.signal.empty()) continue;
      const auto n_source = static_cast<double>(partition.size(index_of(config, p.source)));
      const double here = result.projections[i].synapses * share;
      const double rows = taken(n_source, here);
      bytes += here * result.projections[i].bytes_per_synapse;
      bytes += 4.0 * (rows + 1.0) * static_cast<double>(layout.blocks.size());
      result.rank_synapses += here;
    }
    for (std::size_t s = 0; s < config.populations.size(); ++s) {
      double outgoing = 0.0;
      for (std::size_t i = 0; i < config.projections.size(); ++i)
        if (config.projections[i].source == config.populations[s].name) outgoing += result.projections[i].synapses;
      const auto n = static_cast<double>(partition.size(s));
      const double rows = taken(n, outgoing * share);
      slots += rows;
      // A neuron of this rank has targets on another as often as a neuron of another has targets here.
      destinations += n * share * (result.ranks - 1) * (n > 0.0 ? rows / n : 0.0);
    }
    result.spikes_sent_per_hz = destinations * static_cast<double>(result.interval) * config.dt * 1e-3;
    result.rank_memory.synapses = static_cast<std::uint64_t>(bytes);
    result.rank_memory.tables = static_cast<std::uint64_t>(8.0 * destinations + 8.0 * slots) + 12 * result.rank_neurons;
  }
};

}  // namespace

Estimate estimate(const Config& config, const Session& session, int ranks) {
  Estimator estimator(config, session, ranks);
  estimator.read_files();
  estimator.projections();
  estimator.neurons();
  estimator.state();
  estimator.synapses();
  return std::move(estimator.result);
}

}  // namespace ranvier
