#include "core/build/edges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/base/error.hpp"
#include "core/base/expect.hpp"
#include "core/base/grid.hpp"
#include "core/base/parallel.hpp"
#include "core/build/read_edges.hpp"
#include "core/connectivity/distributions.hpp"
#include "io/datasets/numbers.hpp"

namespace ranvier {

namespace {

constexpr double longest_delay = 65535.0;  // steps: delays are kept in 16 bits while the network is built

/// A synapse on its way from the rank of its source, where it was drawn, to the rank of its target.
struct Travelling {
  std::uint32_t target, source, number;
  bool operator<(const Travelling& o) const {
    return target != o.target ? target < o.target : source != o.source ? source < o.source : number < o.number;
  }
};

/// Of a range of targets.
void connect_range(const Connector& connector, std::uint64_t first, std::uint64_t last, double synapses,
                   UninitialisedVector<std::uint32_t>& sources, std::vector<std::uint64_t>& ends) {
  ends.reserve(ends.size() + (last - first));
  sources.reserve(static_cast<std::size_t>(1.02 * synapses));
  connector.connect(first, last, [&](std::uint64_t, std::span<const std::uint32_t> of_target) {
    sources.insert(sources.end(), of_target.begin(), of_target.end());
    ends.push_back(sources.size());
  });
}

void connect_by_target(const Connector& connector, Partition::Share share, std::uint64_t n_target, int threads,
                       Edges& edges) {
  const double per_target = connector.expected() / std::max(1.0, static_cast<double>(n_target));
  edges.begin.push_back(0);
  if (threads == 1 || share.count() == 0) {
    connect_range(connector, share.first, share.last, per_target * static_cast<double>(share.count()), edges.sources,
                  edges.begin);
    return;
  }
  struct Part {
    std::uint64_t first = 0;  ///< target, counted from the first of the share
    std::uint64_t synapses_before = 0;
    UninitialisedVector<std::uint32_t> sources;
    std::vector<std::uint64_t> ends;
  };
  std::vector<Part> parts(static_cast<std::size_t>(threads));
  parallel_ranges(threads, share.count(), [&](int range, std::uint64_t begin, std::uint64_t end) {
    Part& part = parts[static_cast<std::size_t>(range)];
    part.first = begin;
    connect_range(connector, share.first + begin, share.first + end, per_target * static_cast<double>(end - begin),
                  part.sources, part.ends);
  });
  std::uint64_t synapses = 0;
  for (Part& part : parts) {
    part.synapses_before = synapses;
    synapses += part.sources.size();
  }
  edges.sources.resize(synapses);
  edges.begin.resize(share.count() + 1);
  parallel_items(threads, parts.size(), [&](std::uint64_t p) {
    Part& part = parts[p];
    std::copy(part.sources.begin(), part.sources.end(),
              edges.sources.begin() + static_cast<std::ptrdiff_t>(part.synapses_before));
    for (std::size_t i = 0; i < part.ends.size(); ++i)
      edges.begin[part.first + i + 1] = part.synapses_before + part.ends[i];
    part = Part{};
  });
}

/// Draws this rank's sources, and sends each synapse to the rank of its target.
void connect_by_source(const Connector& connector, const Communicator& comm, const Partition& partition,
                       std::size_t source_population, std::size_t target_population, Edges& edges) {
  const Partition::Share sources = partition.share(source_population, comm.rank());
  std::vector<std::vector<Travelling>> outgoing(static_cast<std::size_t>(comm.size()));
  connector.connect(sources.first, sources.last, [&](std::uint64_t source, std::span<const std::uint32_t> targets) {
    for (std::uint32_t j = 0; j < targets.size(); ++j) {
      const Rank rank = partition.rank_of(target_population, targets[j]);
      outgoing[static_cast<std::size_t>(rank.value)].push_back({targets[j], narrow<std::uint32_t>(source), j});
    }
  });
  std::vector<Travelling> flat;
  std::vector<std::uint64_t> counts;
  for (auto& to_rank : outgoing) {
    counts.push_back(to_rank.size());
    flat.insert(flat.end(), to_rank.begin(), to_rank.end());
    std::vector<Travelling>().swap(to_rank);
  }
  auto incoming = comm.all_to_all<Travelling>(flat, counts).values;
  std::sort(incoming.begin(), incoming.end());

  const Partition::Share targets = partition.share(target_population, comm.rank());
  edges.begin.assign(targets.count() + 1, 0);
  edges.sources.reserve(incoming.size());
  edges.numbers.reserve(incoming.size());
  for (const Travelling& t : incoming) {
    RANVIER_EXPECT(t.target >= targets.first && t.target < targets.last);
    ++edges.begin[t.target - targets.first + 1];
    edges.sources.push_back(t.source);
    edges.numbers.push_back(t.number);
  }
  std::partial_sum(edges.begin.begin(), edges.begin.end(), edges.begin.begin());
}

/// Delays below one step are drawn again.
Distribution at_least_one_step(Distribution d, double dt) {
  d.min = d.min ? std::max(*d.min, dt) : dt;
  return d;
}

std::uint16_t delay_steps(double delay, double dt, const ProjectionConfig& projection) {
  const double steps = std::floor(delay / dt + 0.5);
  if (!(steps >= 1.0))
    throw UsageError(fmt::format("projection {}: a delay of {} ms is below dt = {} ms", projection.key, delay, dt));
  if (steps > longest_delay)
    throw UsageError(fmt::format("projection {}: a delay of {} ms is more than {} steps of {} ms", projection.key,
                                 delay, longest_delay, dt));
  return static_cast<std::uint16_t>(steps);
}

}  // namespace

void Edges::find_range_of_delays(int threads) {
  struct Extremes {
    std::uint16_t least = 0xffff, most = 0;
  };
  std::vector<Extremes> by_range(static_cast<std::size_t>(threads));
  parallel_ranges(threads, delays.size(), [&](int range, std::uint64_t begin, std::uint64_t end) {
    const auto [least, most] = std::minmax_element(delays.begin() + static_cast<std::ptrdiff_t>(begin),
                                                   delays.begin() + static_cast<std::ptrdiff_t>(end));
    by_range[static_cast<std::size_t>(range)] = {*least, *most};
  });
  Extremes all;
  for (const Extremes& e : by_range) all = {std::min(all.least, e.least), std::max(all.most, e.most)};
  shortest_delay = all.least;
  longest_delay = all.most;
}

Edges ConnectProjection::operator()(const ProjectionConfig& projection, std::size_t source, std::size_t target) const {
  const std::uint64_t n_target = partition.size(target);
  const auto connector = rules.connector(projection.rule, {partition.size(source), n_target, source == target},
                                         make_key(seed, Purpose::connectivity, projection.key));
  Edges edges;
  if (connector->by_source())
    connect_by_source(*connector, comm, partition, source, target, edges);
  else
    connect_by_target(*connector, partition.share(target, comm.rank()), n_target, threads, edges);
  set_delays(projection, target, edges);
  return edges;
}

std::vector<Edges> ConnectProjection::operator()(const std::vector<FileProjection>& projections) const {
  std::vector<Edges> all = ReadEdges{comm, partition}(projections);
  for (std::size_t k = 0; k < all.size(); ++k)
    if (projections[k].request.edges.delay_from_file)
      all[k].find_range_of_delays(threads);
    else
      set_delays(*projections[k].projection, projections[k].target, all[k]);
  return all;
}

void ConnectProjection::set_delays(const ProjectionConfig& projection, std::size_t target, Edges& edges) const {
  if (const double* constant = std::get_if<double>(&projection.delay)) {
    edges.delay = delay_steps(*constant, dt, projection);
    return;
  }
  edges.constant_delay = false;
  Value value = projection.delay;
  if (auto* d = std::get_if<Distribution>(&value)) *d = at_least_one_step(*d, dt);
  comm.together([&] {
    const SynapseValues delays(value, make_key(seed, Purpose::delay, projection.key), edges,
                               partition.share(target, comm.rank()).first, partition.size(target));
    edges.delays.resize(edges.sources.size());
    parallel_ranges(threads, edges.targets(), [&](int, std::uint64_t begin, std::uint64_t end) {
      std::vector<double> values;
      for (std::size_t t = begin; t < end; ++t) {
        values.resize(edges.degree(t));
        delays.fill(t, values);
        for (std::size_t j = 0; j < values.size(); ++j)
          edges.delays[edges.begin[t] + j] = delay_steps(values[j], dt, projection);
      }
    });
    edges.find_range_of_delays(threads);
  });
}

SynapseValues::SynapseValues(const Value& value, Key key, const Edges& edges, std::uint64_t first_target,
                             std::uint64_t all_targets) {
  if (const double* constant = std::get_if<double>(&value)) {
    fill_ = [c = *constant](std::size_t, std::span<double> out) { std::fill(out.begin(), out.end(), c); };
  } else if (const auto* distribution = std::get_if<Distribution>(&value)) {
    if (edges.by_source())
      fill_ = [&edges, sampler = Sampler(*distribution, key)](std::size_t t, std::span<double> out) {
        for (std::size_t j = 0; j < out.size(); ++j)
          out[j] = sampler(edges.sources[edges.begin[t] + j], edges.numbers[edges.begin[t] + j]);
      };
    else
      fill_ = [first_target, sampler = Sampler(*distribution, key)](std::size_t t, std::span<double> out) {
        sampler.fill(first_target + t, out);
      };
  } else {
    const auto& dataset = std::get<Dataset>(value);
    fill_ = [of_target = read_numbers(dataset, "", first_target, edges.targets(), all_targets)](
                std::size_t t, std::span<double> out) { std::fill(out.begin(), out.end(), of_target[t]); };
  }
}

SynapseValues::SynapseValues(const Edges& edges) {
  fill_ = [&edges](std::size_t t, std::span<double> out) {
    if (edges.weight)
      std::fill(out.begin(), out.end(), *edges.weight);
    else
      std::copy_n(edges.weights.begin() + static_cast<std::ptrdiff_t>(edges.begin[t]), out.size(), out.begin());
  };
}

SynapseValues SynapseValues::weights(const ProjectionConfig& projection, std::uint64_t seed, const Edges& edges,
                                     std::uint64_t first_target, std::uint64_t all_targets) {
  if (edges.has_weights) return SynapseValues(edges);
  return {projection.weight, make_key(seed, Purpose::weight, projection.key), edges, first_target, all_targets};
}

}  // namespace ranvier
