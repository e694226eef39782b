#include "core/build/network_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include "core/base/error.hpp"
#include "core/base/expect.hpp"
#include "core/base/grid.hpp"
#include "core/build/node_selections.hpp"
#include "core/build/population_builder.hpp"
#include "core/build/read_edges.hpp"
#include "core/connectivity/rule_registry.hpp"

namespace ranvier {

namespace {

constexpr Step longest_signal_delay = 65535;

/// Of one rank: local indices have 32 bits.
constexpr std::uint64_t most_neurons = 0xffffffffu;

/// Spikes of one neuron in one step travel as one record with a 16-bit count.
constexpr double most_multiplicity = 65535.0;

/// A projection without a synapse anywhere takes no part in what follows: whether it was drawn so, or nothing was left for
/// it of a file, it neither holds tables nor ties the scales of receptors together.
void drop_empty(std::vector<ConnectedProjection>& projections, const Communicator& comm) {
  std::vector<std::uint64_t> synapses(projections.size());
  std::transform(projections.begin(), projections.end(), synapses.begin(),
                 [](const ConnectedProjection& p) { return p.edges.sources.size(); });
  comm.sum(std::span<std::uint64_t>(synapses));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < projections.size(); ++i)
    if (synapses[i] > 0) {
      if (kept != i) projections[kept] = std::move(projections[i]);
      ++kept;
    }
  projections.resize(kept);
}

double input_weight(const InputPlan& input) {
  const auto it = input.parameters.find("weight");
  return it == input.parameters.end() ? 1.0 : it->second;
}

}  // namespace

template <class Real>
auto NetworkBuilder<Real>::connect() const -> Projections {
  check_rules(config_, session_.rules());
  Projections projections;
  const PopulationBuilder populations(config_, session_.models(), partition_, nodes_);
  for (const ProjectionConfig& config : config_.projections) {
    if (!config.signal.empty()) continue;  // no synapses: see add_signals
    ConnectedProjection p;
    p.config = &config;
    p.source = config_.population_index(config.source);
    p.target = config_.population_index(config.target);
    p.receptor = populations.receptor_index(p.target, config.receptor);
    p.conductance = populations.conductance_unit(p.target, p.receptor);
    projections.push_back(std::move(p));
  }
  std::sort(projections.begin(), projections.end(), [](const auto& a, const auto& b) {
    return a.config->source != b.config->source ? a.config->source < b.config->source : a.config->key < b.config->key;
  });
  const ConnectProjection connect{session_.rules(), comm_, partition_, config_.seed, config_.dt, threads_};
  for (ConnectedProjection& p : projections)
    if (!p.config->edges) p.edges = connect(*p.config, p.source, p.target);
  connect_from_files(projections, connect);
  drop_empty(projections, comm_);
  return projections;
}

template <class Real>
void NetworkBuilder<Real>::connect_from_files(Projections& projections, const ConnectProjection& connect) const {
  for (const std::vector<std::size_t>& members : nodes_.by_file()) {
    std::vector<FileProjection> of_file;
    std::vector<ConnectedProjection*> connected;
    for (const std::size_t i : members) {
      const ProjectionConfig* config = &config_.projections[i];
      connected.push_back(&*std::find_if(projections.begin(), projections.end(),
                                         [&](const ConnectedProjection& p) { return p.config == config; }));
      of_file.push_back({config, connected.back()->target, nodes_.request(*config)});
    }
    std::vector<Edges> edges = connect(of_file);
    for (std::size_t k = 0; k < edges.size(); ++k) connected[k]->edges = std::move(edges[k]);
  }
}

template <class Real>
std::vector<SourceSet> NetworkBuilder<Real>::find_sources(const Projections& projections) const {
  std::vector<SourceSet> sources;
  for (std::size_t p = 0; p < partition_.populations(); ++p) {
    std::vector<std::span<const std::uint32_t>> of_population;
    for (const ConnectedProjection& c : projections)
      if (c.source == p) of_population.emplace_back(c.edges.sources);
    sources.emplace_back(partition_.size(p), of_population, threads_);
  }
  return sources;
}

template <class Real>
Layout NetworkBuilder<Real>::make_layout(const Projections& projections, const std::vector<SourceSet>& sources) const {
  Layout layout;
  std::uint64_t neurons = 0;
  const PopulationBuilder populations(config_, session_.models(), partition_, nodes_);
  for (std::size_t p = 0; p < config_.populations.size(); ++p) {
    PopulationLayout share;
    share.name = config_.populations[p].name;
    share.size = partition_.size(p);
    share.gid0 = partition_.first_id(p);
    share.first = partition_.share(p, comm_.rank()).first;
    share.count = narrow<std::uint32_t>(partition_.share(p, comm_.rank()).count());
    neurons += share.count;
    share.receptors = populations.receptors(p);
    layout.populations.push_back(std::move(share));
  }
  if (neurons > most_neurons)
    throw RuntimeError(fmt::format("{} neurons on one rank (at most {}); use more ranks", neurons, most_neurons));
  std::uint32_t shortest = longest_interval, longest = 1;
  double synapses = 0.0, rows = 0.0;
  for (const SourceSet& of_population : sources) rows += of_population.size();
  for (const ConnectedProjection& p : projections) {
    // A constant delay counts on all ranks, also where no synapse of the projection ends on this one.
    if (p.edges.constant_delay) {
      shortest = std::min<std::uint32_t>(shortest, p.edges.delay);
      longest = std::max<std::uint32_t>(longest, p.edges.delay);
    }
    if (!p.edges.delays.empty()) {
      shortest = std::min<std::uint32_t>(shortest, p.edges.shortest_delay);
      longest = std::max<std::uint32_t>(longest, p.edges.longest_delay);
    }
    synapses += static_cast<double>(p.edges.sources.size());
  }
  for (const ProjectionConfig& config : config_.projections)
    if (!config.signal.empty()) shortest = narrow<std::uint32_t>(std::min<Step>(shortest, delay_of_signal(config)));
  layout.interval = comm_.min(shortest);
  layout.max_delay = comm_.max(longest);
  lay_out(layout,
          {.synapses_per_source = synapses / std::max(1.0, rows), .accumulator_bytes = sizeof(Accumulator<Real>)});
  return layout;
}

/// What a source can emit in a step decides what its targets can get; populations that repeat what they get pass it on.
template <class Real>
std::vector<double> NetworkBuilder<Real>::most_spikes(const std::vector<PopulationPlan>& plans,
                                                      const Projections& projections) const {
  std::vector<double> most(plans.size(), 0.0);
  for (std::size_t round = 0; round <= plans.size(); ++round) {
    const std::vector<double> before = most;
    for (std::size_t p = 0; p < plans.size(); ++p) {
      std::vector<double> arrivals(plans[p].layout.count, 0.0);
      for (const ConnectedProjection& c : projections)
        if (c.target == p)
          for (std::uint32_t t = 0; t < plans[p].layout.count; ++t) arrivals[t] += before[c.source] * c.edges.degree(t);
      double most_arrivals = arrivals.empty() ? 0.0 : *std::max_element(arrivals.begin(), arrivals.end());
      for (const InputPlan& input : plans[p].inputs)
        if (const auto& entry = session_.models().input(input.type); !entry.is_current)
          most_arrivals += entry.max_count(input, config_.dt);
      const auto& entry = session_.models().population(plans[p].model);
      most[p] = plans[p].layout.count == 0
                    ? 0.0
                    : std::min(most_multiplicity + 1.0, entry.most_spikes(plans[p], most_arrivals, config_.dt));
    }
    comm_.max(std::span<double>(most));
    if (most == before) break;
  }
  for (std::size_t p = 0; p < plans.size(); ++p)
    if (most[p] > most_multiplicity)
      throw UsageError(
          fmt::format("population {}: a neuron could emit more than {} spikes in one step; lower the rates or "
                      "the number of synapses onto it, or break the cycle of parrots",
                      plans[p].layout.name, most_multiplicity));
  return most;
}

template <class Real>
void NetworkBuilder<Real>::add_inputs(const std::vector<PopulationPlan>& plans, Scales& scales) const {
  for (std::size_t p = 0; p < plans.size(); ++p)
    for (const InputPlan& input : plans[p].inputs) {
      const InputEntry& entry = session_.models().input(input.type);
      if (entry.is_current) continue;
      const double amount = std::abs(input_weight(input)) * entry.max_count(input, config_.dt);
      for (std::uint32_t i = 0; i < plans[p].layout.count; ++i) scales.add_bound(p, i, input.receptor, amount);
      scales.add_source(p, input.receptor, "input " + input.name, std::abs(input_weight(input)), amount);
    }
}

template <class Real>
Step NetworkBuilder<Real>::delay_of_signal(const ProjectionConfig& config) const {
  const Step steps = std::max<Step>(1, grid_step(std::get<double>(config.delay), config_.dt));
  if (steps > longest_signal_delay)
    throw UsageError(fmt::format("projection {}: the delay is more than {} steps of {} ms", config.key,
                                 longest_signal_delay, config_.dt));
  return steps;
}

/// Projections of one state share its sum. Terms are in the order of the projections' keys: they are added as floating-point
/// numbers.
template <class Real>
void NetworkBuilder<Real>::add_signals(RankNetwork<Real>& network) const {
  std::vector<const ProjectionConfig*> projections;
  for (const ProjectionConfig& config : config_.projections)
    if (!config.signal.empty()) projections.push_back(&config);
  std::sort(projections.begin(), projections.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
  const PopulationBuilder populations(config_, session_.models(), partition_, nodes_);
  for (const ProjectionConfig* config : projections) {
    const std::size_t source = config_.population_index(config->source),
                      target = config_.population_index(config->target);
    const Range range = populations.range_of(source, config->signal);
    const SignalPlan plan{source, config->signal, range.min, range.max,
                          signal_exponent(range.min, range.max, std::max<std::uint64_t>(1, partition_.size(source)))};
    auto& signals = network.signals;
    const auto same = std::find_if(signals.begin(), signals.end(), [&](const SignalPlan& s) {
      return s.population == plan.population && s.variable == plan.variable;
    });
    const auto signal = static_cast<std::size_t>(same - signals.begin());
    if (same == signals.end()) signals.push_back(plan);
    const Step delay = delay_of_signal(*config);
    network.longest_signal_delay = std::max(network.longest_signal_delay, delay);
    network.populations[target].receptors[populations.receptor_index(target, config->receptor)].signals.push_back(
        {signal, std::get<double>(config->weight), delay});
  }
}

template <class Real>
void NetworkBuilder<Real>::fix_scales(std::vector<PopulationPlan>& plans, const Scales& scales) const {
  for (std::size_t p = 0; p < plans.size(); ++p) {
    for (std::uint32_t r = 0; r < plans[p].receptors.size(); ++r)
      plans[p].receptors[r].inverse_scale = scales.unit(p, r);
    for (InputPlan& input : plans[p].inputs)
      if (!session_.models().input(input.type).is_current)
        input.weight = scales.to_fixed(p, input.receptor, input_weight(input));
  }
}

/// One plan for all projections whose synapses are the same, in the order in which they come. Ranks without a synapse of a
/// projection have its plan too.
template <class Real>
std::vector<ProjectionPlan<Real>> NetworkBuilder<Real>::make_plans(Projections& projections) const {
  std::vector<ProjectionPlan<Real>> plans;
  for (ConnectedProjection& c : projections) {
    const ModelReference& synapse = c.config->synapse;
    std::map<std::string, double> parameters;
    for (const auto& [name, value] : synapse.params) parameters.emplace(name, std::get<double>(value));
    const auto same = std::find_if(plans.begin(), plans.end(), [&](const auto& plan) {
      return plan.synapse == synapse.model && plan.parameters == parameters;
    });
    c.plan = static_cast<std::size_t>(same - plans.begin());
    if (same == plans.end()) plans.push_back({synapse.model, std::move(parameters), {}});
  }
  return plans;
}

template <class Real>
void NetworkBuilder<Real>::build_synapses(Projections& projections, std::vector<SourceSet> sources,
                                          const std::vector<double>& multiplicity, Scales& scales,
                                          BuiltNetwork<Real>& built) const {
  RankNetwork<Real>& network = built.network;
  network.projections = make_plans(projections);
  SynapseBuilder<Real> builder(network.layout, config_.seed, threads_);
  // In the order of global ids, as slots are.
  for (std::size_t p = 0; p < partition_.populations(); ++p) {
    std::vector<ConnectedProjection*> members;
    for (ConnectedProjection& c : projections)
      if (c.source == p) members.push_back(&c);
    if (members.empty()) continue;
    const SourceSet slots = std::move(sources[p]);
    const auto slot0 = narrow<std::uint32_t>(built.sources.size());
    slots.for_each([&](std::uint64_t neuron) { built.sources.push_back(GlobalId{partition_.first_id(p) + neuron}); });
    network.sources.push_back({config_.populations[p].name, slot0, slots.size()});
    builder.build(members, slots, slot0, multiplicity[p], scales);
  }
  comm_.together([&] { builder.check_conductances(); });
  scales.choose(comm_, static_cast<int>(8 * sizeof(Accumulator<Real>)));
  builder.finish(scales, network.projections);
}

template <class Real>
BuiltNetwork<Real> NetworkBuilder<Real>::operator()() {
  BuiltNetwork<Real> built;
  Projections projections = connect();
  for (const ConnectedProjection& p : projections) built.synapses += p.edges.sources.size();

  RankNetwork<Real>& network = built.network;
  network.dt = config_.dt;
  std::vector<SourceSet> sources = find_sources(projections);
  network.layout = make_layout(projections, sources);
  const PopulationBuilder populations(config_, session_.models(), partition_, nodes_);
  comm_.together([&] {
    for (std::size_t p = 0; p < config_.populations.size(); ++p)
      network.populations.push_back(populations.plan(p, network.layout.populations[p]));
  });
  const std::vector<double> multiplicity = most_spikes(network.populations, projections);
  Scales scales(network.layout);
  add_inputs(network.populations, scales);
  build_synapses(projections, std::move(sources), multiplicity, scales, built);
  fix_scales(network.populations, scales);
  built.warnings = scales.coarse_weights();
  add_signals(network);
  return built;
}

template class NetworkBuilder<double>;
template class NetworkBuilder<float>;

}  // namespace ranvier
