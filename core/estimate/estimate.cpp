#include "core/estimate/estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <tuple>

#include "comm/exchange/routing.hpp"
#include "core/base/error.hpp"
#include "core/build/network_builder.hpp"
#include "core/build/node_selections.hpp"
#include "core/build/partition.hpp"
#include "core/build/population_builder.hpp"
#include "core/connectivity/rule_registry.hpp"
#include "core/run/recorder.hpp"
#include "io/sonata/edges/edges_reader.hpp"
#include "kernels/engine/engine.hpp"
#include "kernels/layout/layout.hpp"
#include "kernels/projections/deliver_on_host.hpp"

namespace ranvier {
namespace {

/// How many standard deviations above the mean the largest of so many draws of a normal distribution is, in the median.
double largest_normal(double draws) {
  const double tail = -std::expm1(-std::log(2.0) / std::max(1.0, draws));
  double low = 0.0, high = 40.0;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2.0;
    (std::erfc(middle / std::sqrt(2.0)) / 2.0 > tail ? low : high) = middle;
  }
  return low;
}

/// The smallest and largest of so many draws of a distribution are about these.
std::pair<double, double> extremes(const Distribution& d, double draws) {
  const double z = largest_normal(draws);
  std::pair<double, double> range{0.0, 0.0};
  switch (d.kind) {
    case Distribution::Kind::normal:
    case Distribution::Kind::truncated_normal: range = {d.a - z * d.b, d.a + z * d.b}; break;
    case Distribution::Kind::lognormal:
      range = {d.unit_factor * std::exp(d.a - z * d.b), d.unit_factor * std::exp(d.a + z * d.b)};
      break;
    case Distribution::Kind::uniform: range = {d.a, d.b}; break;
    case Distribution::Kind::exponential: range = {0.0, d.a * std::log(std::max(2.0, draws / std::log(2.0)))}; break;
    case Distribution::Kind::gamma: {
      // Wilson & Hilferty (1931): the cube root is about normal.
      const double root = 1.0 - 1.0 / (9.0 * d.a) + z / (3.0 * std::sqrt(d.a));
      range = {0.0, d.a * d.b * root * root * root};
      break;
    }
  }
  return {std::max(range.first, d.min.value_or(range.first)), std::min(range.second, d.max.value_or(range.second))};
}

/// The smallest and largest delay of a projection in ms, as far as its config tells.
std::pair<double, double> range_of_delays(const Value& value, double synapses) {
  if (const auto* constant = std::get_if<double>(&value)) return {*constant, *constant};
  const auto* distribution = std::get_if<Distribution>(&value);
  return distribution == nullptr ? std::pair{0.0, 0.0} : extremes(*distribution, synapses);
}

Step in_steps(double ms, double dt) { return std::max<Step>(1, static_cast<Step>(std::llround(ms / dt))); }

/// Different for different models and parameters.
std::string name_of(const ModelReference& synapse) {
  std::string name = synapse.model;
  for (const auto& [parameter, value] : synapse.params)
    name += fmt::format(" {}={}", parameter, std::get<double>(value));
  return name;
}

struct Estimator {
  const Config& config;
  const Session& session;
  const NodeSelections& nodes;
  Partition partition;
  Estimate result;
  Layout layout;
  std::set<std::string> signals;  ///< states that are sent; projections of one share its sum
  Step longest_signal_delay = 0;
  std::map<const ProjectionConfig*, EdgesSummary> files;
  std::size_t real;  ///< bytes of a state, an accumulator and a weight

  Estimator(const Config& c, const Session& s, const NodeSelections& n, int ranks)
      : config(c),
        session(s),
        nodes(n),
        partition(c.population_sizes(), ranks),
        real(c.precision == Precision::single ? 4 : 8) {
    result.ranks = ranks;
    result.neurons = partition.neurons();
  }

  void projections() {
    check_rules(config, session.rules());
    Step shortest = 0, longest = 1;
    using Parameters =
        std::tuple<Distribution::Kind, double, double, double, std::optional<double>, std::optional<double>>;
    std::map<Parameters, double> drawn;  ///< synapses by distribution of their delays
    for (const auto& p : config.projections) {
      const auto source = config.population_index(p.source), target = config.population_index(p.target);
      if (!p.signal.empty()) {
        const Step delay = in_steps(std::get<double>(p.delay), config.dt);
        result.projections.push_back({p.key, fmt::format("{} (signal {})", p.rule.model, p.signal), 0.0, delay, delay});
        shortest = shortest == 0 ? delay : std::min(shortest, delay);
        signals.insert(p.source + "." + p.signal);
        longest_signal_delay = std::max(longest_signal_delay, delay);
        continue;
      }
      const auto connector =
          session.rules().connector(p.rule, {partition.size(source), partition.size(target), source == target});
      const auto [low, high] = range_of_delays(p.delay, connector->expected());
      ProjectionEstimate e{p.key, p.rule.model, connector->expected(), in_steps(low, config.dt),
                           in_steps(high, config.dt)};
      e.one_delay = is_constant(p.delay);
      e.one_weight = is_constant(p.weight);
      if (!p.edges) e.silent = connector->silent(share_of(target));
      if (p.edges && !from_file(p, e)) {
        result.projections.push_back(std::move(e));
        continue;
      }
      result.synapses += e.synapses;
      shortest = shortest == 0 ? e.min_delay : std::min(shortest, e.min_delay);
      longest = std::max(longest, e.max_delay);
      if (const auto* d = std::get_if<Distribution>(&p.delay); d != nullptr && !(p.edges && p.edges->delay_from_file))
        drawn[{d->kind, d->a, d->b, d->unit_factor, d->min, d->max}] += e.synapses;
      result.projections.push_back(std::move(e));
    }
    // Of many projections with one distribution the extremes are those of all their draws.
    for (const auto& [d, draws] : drawn) {
      const auto [kind, a, b, unit_factor, min, max] = d;
      const auto [low, high] = extremes({kind, a, b, unit_factor, min, max}, draws);
      shortest = std::min(shortest, in_steps(low, config.dt));
      longest = std::max(longest, in_steps(high, config.dt));
    }
    result.interval = std::clamp<Step>(shortest == 0 ? longest_interval : shortest, 1, longest_interval);
    result.signals = signals.size();
    layout.interval = static_cast<std::uint32_t>(result.interval);
    layout.max_delay = static_cast<std::uint32_t>(longest);
  }

  /// Goes over all files of edges.
  void read_files() {
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
    if (p.edges->delay_from_file) e.one_delay = e.min_delay == e.max_delay;
    if (p.edges->weight_from_file) e.one_weight = file.one_weight;
    const auto sources = static_cast<double>(partition.size(config.population_index(p.source)));
    if (sources > 0.0) e.silent = std::exp(-e.synapses * share_of(config.population_index(p.target)) / sources);
    return file.edges > 0;
  }

  /// The part of a population that rank 0 has.
  double share_of(std::size_t population) const {
    const auto size = static_cast<double>(partition.size(population));
    return size > 0.0 ? static_cast<double>(partition.share(population, Rank{0}).count()) / size : 0.0;
  }

  /// The layout of rank 0, and its rings.
  void neurons() {
    const PopulationBuilder builder(config, session.models(), partition, nodes);
    for (std::size_t i = 0; i < config.populations.size(); ++i) {
      const auto share = partition.share(i, Rank{0});
      PopulationLayout part;
      part.name = config.populations[i].name;
      part.size = partition.size(i);
      part.first = share.first;
      part.count = static_cast<std::uint32_t>(share.count());
      part.receptors = builder.receptors(i);
      layout.populations.push_back(std::move(part));
      result.rank_neurons += share.count();
    }
    double rows = 0.0;
    for (std::size_t s = 0; s < config.populations.size(); ++s) rows += rows_of(s);
    for (std::size_t i = 0; i < config.projections.size(); ++i) result.rank_synapses += synapses_here(i);
    lay_out(layout, {.synapses_per_source = result.rank_synapses / std::max(1.0, rows), .accumulator_bytes = real});
    result.blocks = layout.blocks.size();
    result.rank_memory.rings = layout.ring_elements * real;
  }

  double synapses_here(std::size_t projection) const {
    return result.projections[projection].synapses *
           share_of(config.population_index(config.projections[projection].target));
  }

  /// Neurons of a population that have targets on rank 0.
  double rows_of(std::size_t source) const {
    double silent = 1.0;
    for (std::size_t i = 0; i < config.projections.size(); ++i)
      if (config.projections[i].source == config.populations[source].name) silent *= result.projections[i].silent;
    return static_cast<double>(partition.size(source)) * (1.0 - silent);
  }

  /// What populations take is found by making some of their neurons: it is linear in their (padded) number.
  void state() {
    const PopulationBuilder builder(config, session.models(), partition, nodes);
    for (std::size_t i = 0; i < config.populations.size(); ++i) {
      const PopulationConfig& p = config.populations[i];
      const std::uint32_t count = layout.populations[i].count;
      constexpr std::uint32_t few = chunk_lanes, more = 2 * chunk_lanes;
      const bool spikes_by_neuron = p.spike_file || !p.spike_times.empty();
      if (count <= more || spikes_by_neuron) {
        result.rank_memory.state += state_of(builder, i, count);
      } else {
        const std::uint64_t a = state_of(builder, i, few), b = state_of(builder, i, more);
        result.rank_memory.state += a + (b - a) * (layout.populations[i].padded() - few) / (more - few);
        const std::size_t tiles = layout.populations[i].tiles.size();
        result.rank_memory.state += (tiles - 1) * sizeof(Tile);
      }
    }
    const SignalHistory history(std::vector<int>(signals.size(), 0), longest_signal_delay, layout.interval);
    result.rank_memory.state += history.bytes();
  }

  std::uint64_t state_of(const PopulationBuilder& builder, std::size_t population, std::uint32_t count) const {
    return real == 4 ? state_of<float>(builder, population, count) : state_of<double>(builder, population, count);
  }
  template <class Real>
  std::uint64_t state_of(const PopulationBuilder& builder, std::size_t population, std::uint32_t count) const {
    RankNetwork<Real> network;
    network.dt = config.dt;
    network.layout.interval = layout.interval;
    network.layout.max_delay = layout.max_delay;
    network.layout.populations = {layout.populations[population]};
    network.layout.populations[0].count = count;
    lay_out(network.layout, {.accumulator_bytes = real});
    network.populations = {builder.plan(population, network.layout.populations[0])};
    return make_host_engine<Real>(std::move(network), session.models())->bytes().state;
  }

  /// Projections of which the synapses share tables; as SynapseBuilder has them.
  struct Format {
    std::string source, synapse;  ///< the synapse with its parameters
    std::optional<double> weight;
    std::optional<Step> delay;
    auto operator<=>(const Format&) const = default;
  };

  void synapses() {
    std::map<Format, std::vector<std::size_t>> tables;
    for (std::size_t i = 0; i < config.projections.size(); ++i) {
      const ProjectionConfig& p = config.projections[i];
      const ProjectionEstimate& e = result.projections[i];
      if (!p.signal.empty() || e.synapses == 0.0) continue;
      Format format{p.source, name_of(p.synapse), {}, {}};
      if (const double* weight = std::get_if<double>(&p.weight); weight != nullptr && e.one_weight)
        format.weight = *weight;
      if (e.one_delay) format.delay = e.min_delay;
      tables[format].push_back(i);
    }
    double bytes = static_cast<double>((layout.blocks.size() + 1) * sizeof(std::size_t));
    for (const auto& [format, members] : tables) {
      double synapses = 0.0;
      for (const std::size_t i : members) synapses += synapses_here(i);
      const ProjectionEstimate& e = result.projections[members.front()];
      const double rows = rows_of(config.population_index(format.source));
      bytes += synapses * static_cast<double>(bytes_per_synapse(e.one_delay, e.one_weight, real));
      bytes += parts_of(members) * (static_cast<double>(bytes_of_rows(static_cast<std::size_t>(rows))) +
                                    static_cast<double>(sizeof(TablePart) + PartsByBlock<double>::bytes_of_part));
    }
    result.rank_memory.synapses = static_cast<std::uint64_t>(bytes);
  }

  /// Blocks onto which projections with one table have synapses.
  double parts_of(const std::vector<std::size_t>& members) const {
    std::vector<double> in_block(layout.blocks.size(), 0.0);
    for (const std::size_t i : members) {
      const PopulationLayout& target = layout.populations[config.population_index(config.projections[i].target)];
      const double per_neuron = synapses_here(i) / std::max(1u, target.count);
      for (const Tile& tile : target.tiles) in_block[tile.block] += per_neuron * tile.count;
    }
    double parts = 0.0;
    for (const double synapses : in_block) parts -= std::expm1(-synapses);
    return parts;
  }

  void other_tables() {
    double destinations = 0.0;
    for (std::size_t s = 0; s < config.populations.size(); ++s)
      // A neuron of this rank has targets on another as often as a neuron of another has targets here.
      destinations += rows_of(s) * share_of(s) * (result.ranks - 1);
    result.spikes_sent_per_hz = destinations * static_cast<double>(result.interval) * config.dt * 1e-3;
    const auto neurons = static_cast<double>(result.rank_neurons);
    const double emitted = neurons * static_cast<double>(result.interval) * sizeof(Spike);
    result.rank_memory.tables = static_cast<std::uint64_t>(emitted + Routing::bytes_for(neurons, destinations));
  }
};

}  // namespace

Estimate estimate(const Config& config, const Session& session, const NodeSelections& nodes, int ranks) {
  Estimator estimator(config, session, nodes, ranks);
  estimator.read_files();
  estimator.projections();
  estimator.neurons();
  estimator.state();
  estimator.synapses();
  estimator.other_tables();
  estimator.result.recording_memory = recording_memory(config, ranks);
  return std::move(estimator.result);
}

}  // namespace ranvier
