#include "core/build/synapse_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "core/base/error.hpp"
#include "core/base/expect.hpp"
#include "core/base/parallel.hpp"
#include "io/config/values.hpp"

namespace ranvier {

namespace {

/// Weights are first written as floating-point numbers into the memory of the integers that they become.
template <class Real>
Accumulator<Real> as_bits(double weight) {
  return std::bit_cast<Accumulator<Real>>(static_cast<Real>(weight));
}

/// Where a synapse adds to, counted from the slot in which its spike is stamped.
std::uint32_t ring_offset(std::uint32_t delay, const Tile& tile, std::uint32_t port) {
  RANVIER_EXPECT(port < tile.ports);
  return narrow<std::uint32_t>(std::uint64_t{delay} * tile.ports + port);
}

}  // namespace

template <class Real>
SynapseBuilder<Real>::SynapseBuilder(const Layout& layout, std::uint64_t seed, int threads)
    : layout_(layout), seed_(seed), threads_(threads) {
  for (const PopulationLayout& population : layout_.populations) {
    std::vector<Targets>& by_block = targets_.emplace_back(layout_.blocks.size());
    for (const Tile& tile : population.tiles) {
      Targets& targets = by_block[tile.block];
      if (targets.end == 0) targets.begin = tile.first;
      targets.end = tile.first + tile.count;
    }
  }
}

template <class Real>
auto SynapseBuilder<Real>::format_of(const ConnectedProjection& p) -> Format {
  Format format;
  format.plan = p.plan;
  if (p.edges.has_weights)
    format.weight = p.edges.weight;
  else if (const double* weight = std::get_if<double>(&p.config->weight))
    format.weight = *weight;
  if (p.edges.constant_delay) format.delay = p.edges.delay;
  return format;
}

template <class Real>
void SynapseBuilder<Real>::build(const std::vector<ConnectedProjection*>& projections, const SourceSet& slots,
                                 std::uint32_t slot0, double multiplicity, Scales& scales) {
  std::map<Format, std::vector<ConnectedProjection*>> by_format;
  for (ConnectedProjection* p : projections) {
    by_format[format_of(*p)].push_back(p);
  }
  // Of projections with one constant weight the scales are the same, whatever their delays: whether a projection has a
  // constant delay or happens to have drawn one must not show in a sum.
  std::map<double, const ConnectedProjection*> by_weight;
  Source source{sources_.size(), slot0, slots.size(), {}};
  for (auto& [format, members] : by_format) {
    Table table = make_table(format, members, slots, slot0);
    for (ConnectedProjection* p : members) {
      if (format.weight) {
        const ConnectedProjection& first = *by_weight.emplace(*format.weight, p).first->second;
        scales.join(first.target, first.receptor, p->target, p->receptor);
      }
    }
    fill(table, members, slots, multiplicity, scales);
    for (ConnectedProjection* p : members) p->edges = Edges{};
    source.pending.push_back(std::move(table));
  }
  sources_.push_back(std::move(source));
}

template <class Real>
auto SynapseBuilder<Real>::make_table(const Format& format, const std::vector<ConnectedProjection*>& projections,
                                      const SourceSet& slots, std::uint32_t slot0) const -> Table {
  Table table;
  table.plan = format.plan;
  table.weight = format.weight;
  table.population = projections.front()->target;
  table.receptor = projections.front()->receptor;
  SynapseTable<Real>& s = table.synapses;
  s.rows = slots.size();
  s.row0 = slot0;
  s.constant_weight = format.weight.has_value();
  s.constant_delay = format.delay.has_value();
  s.delay = format.delay.value_or(0);
  count_rows(table, projections, slots);
  return table;
}

template <class Real>
void SynapseBuilder<Real>::count_rows(Table& table, const std::vector<ConnectedProjection*>& projections,
                                      const SourceSet& slots) const {
  SynapseTable<Real>& s = table.synapses;
  std::uint64_t total = 0;
  for (std::uint32_t b = 0; b < layout_.blocks.size(); ++b) {
    std::uint64_t in_block = 0;
    for (const ConnectedProjection* p : projections)
      if (const Targets onto = targets(*p, b); onto.begin < onto.end)
        in_block += p->edges.begin[onto.end] - p->edges.begin[onto.begin];
    if (in_block == 0) continue;
    if (in_block > 0xffffffffu) throw RuntimeError("more than 2^32 synapses onto one block of neurons; use more ranks");
    s.parts.push_back({b, total});
    total += in_block;
  }
  const std::size_t stride = std::size_t{s.rows} + 1;
  s.offsets = HostBuffer<std::uint32_t>::uninitialised(s.parts.size() * stride);
  if (s.constant_delay)
    s.index16 = HostBuffer<std::uint16_t>::uninitialised(total);
  else
    s.index32 = HostBuffer<std::uint32_t>::uninitialised(total);
  if (!s.constant_weight) s.weights = HostBuffer<Accumulator<Real>>::uninitialised(total);
  parallel_items(threads_, s.parts.size(), [&](std::uint64_t part) {
    // Offsets stand one row back while the rows are filled: row r then grows from where row r - 1 ended.
    std::uint32_t* const counts = s.offsets_of(part);
    std::fill_n(counts, stride, 0u);
    for (const ConnectedProjection* p : projections)
      if (const Targets onto = targets(*p, s.parts[part].block); onto.begin < onto.end)
        for (std::uint64_t k = p->edges.begin[onto.begin]; k < p->edges.begin[onto.end]; ++k)
          ++counts[slots.index(p->edges.sources[k])];
    std::exclusive_scan(counts, counts + stride, counts, 0u);
    std::copy_backward(counts, counts + s.rows, counts + stride);
    counts[0] = 0;
  });
}

template <class Real>
void SynapseBuilder<Real>::fill(Table& table, const std::vector<ConnectedProjection*>& projections,
                                const SourceSet& slots, double multiplicity, Scales& scales) {
  SynapseTable<Real>& s = table.synapses;
  std::vector<Extremes> extremes(s.parts.size() * projections.size());
  std::vector<SynapseValues> weights;  // of the projections
  weights.reserve(projections.size());
  for (const ConnectedProjection* p : projections) {
    const PopulationLayout& target = layout_.populations[p->target];
    weights.push_back(SynapseValues::weights(*p->config, seed_, p->edges, target.first, target.size));
  }
  // Bounds are by neuron, and a neuron is in one block: no two threads add to the same.
  parallel_items(threads_, s.parts.size(), [&](std::uint64_t part) {
    for (std::size_t p = 0; p < projections.size(); ++p)
      extremes[p * s.parts.size() + part] =
          fill_part(table, part, *projections[p], weights[p], slots, multiplicity, scales);
  });
  for (std::size_t p = 0; p < projections.size(); ++p) {
    const ConnectedProjection& projection = *projections[p];
    Extremes all;
    for (std::size_t part = 0; part < s.parts.size(); ++part) {
      const Extremes& e = extremes[p * s.parts.size() + part];
      all.weight = std::max(all.weight, e.weight);
      all.sum = std::max(all.sum, e.sum);
      if (e.negative < 0.0 && (all.negative == 0.0 || e.neuron < all.neuron)) {
        all.negative = e.negative;
        all.neuron = e.neuron;
      }
    }
    scales.add_source(projection.target, projection.receptor, "projection " + projection.config->key, all.weight,
                      all.sum);
    if (projection.conductance && all.negative < 0.0 && refused_.empty())
      refused_ = fmt::format(
          "projection {}: a conductance must not be negative, got a weight of {} onto neuron {} of {}; E_rev decides "
          "whether a conductance inhibits. Correct the weights, or give their distribution a `min`",
          projection.config->key, with_unit(all.negative, *projection.conductance), all.neuron,
          projection.config->target);
  }
}

template <class Real>
void SynapseBuilder<Real>::check_conductances() const {
  if (!refused_.empty()) throw UsageError(refused_);
}

template <class Real>
auto SynapseBuilder<Real>::fill_part(Table& table, std::size_t part, const ConnectedProjection& projection,
                                     const SynapseValues& weights, const SourceSet& slots, double multiplicity,
                                     Scales& scales) const -> Extremes {
  SynapseTable<Real>& s = table.synapses;
  const Edges& edges = projection.edges;
  const PopulationLayout& target = layout_.populations[projection.target];
  std::uint32_t* const next = s.offsets_of(part) + 1;
  const std::uint64_t first = s.parts[part].first;
  const Targets onto = targets(projection, s.parts[part].block);
  Extremes extremes;
  if (s.constant_weight) extremes.weight = std::abs(*table.weight);
  std::vector<double> weight;
  for (std::uint32_t t = onto.begin; t < onto.end; ++t) {
    const Tile& tile = target.tile_of(t);
    const std::uint32_t port = target.port(t, projection.receptor);
    const std::uint64_t begin = edges.begin[t];
    const std::uint32_t degree = edges.degree(t);
    double sum = s.constant_weight ? std::abs(*table.weight) * degree : 0.0, least = 0.0;
    if (!s.constant_weight) {
      weight.resize(degree);
      weights.fill(t, weight);
    }
    for (std::uint32_t j = 0; j < degree; ++j) {
      const std::uint64_t k = first + next[slots.index(edges.sources[begin + j])]++;
      if (s.constant_delay)
        s.index16[k] = narrow<std::uint16_t>(port);
      else
        s.index32[k] = ring_offset(edges.constant_delay ? edges.delay : edges.delays[begin + j], tile, port);
      if (!s.constant_weight) {
        s.weights[k] = as_bits<Real>(weight[j]);
        sum += std::abs(weight[j]);
        extremes.weight = std::max(extremes.weight, std::abs(weight[j]));
        least = std::min(least, weight[j]);
      }
    }
    if (least < 0.0 && extremes.negative == 0.0) {
      extremes.negative = least;
      extremes.neuron = target.first + t;
    }
    extremes.sum = std::max(extremes.sum, sum * multiplicity);
    scales.add_bound(projection.target, t, projection.receptor, sum * multiplicity);
  }
  return extremes;
}

template <class Real>
void SynapseBuilder<Real>::finish(const Scales& scales, std::vector<ProjectionPlan<Real>>& plans) {
  const std::vector<std::vector<double>> factors = this->factors(scales);
  for (Source& source : sources_)
    for (Table& table : source.pending) {
      if (table.weight)
        // In the precision of the table, as weights that are kept one by one: both are the same number.
        table.synapses.weight = static_cast<Accumulator<Real>>(
            scales.to_fixed(table.population, table.receptor, static_cast<Real>(*table.weight)));
      else
        scale_weights(table.synapses, factors);
      std::vector<SourceTables<Real>>& of_plan = plans.at(table.plan).sources;
      if (of_plan.empty() || of_plan.back().source != source.index)
        of_plan.push_back({source.index, source.slot0, source.slots, {}});
      of_plan.back().tables.push_back(std::move(table.synapses));
    }
  sources_.clear();
}

template <class Real>
std::vector<std::vector<double>> SynapseBuilder<Real>::factors(const Scales& scales) const {
  std::vector<std::vector<double>> factors;
  for (const Block& block : layout_.blocks) factors.emplace_back(block.ports, 1.0);
  for (std::size_t p = 0; p < layout_.populations.size(); ++p)
    for (const Tile& tile : layout_.populations[p].tiles)
      for (std::uint32_t r = 0; r < layout_.populations[p].receptors; ++r)
        std::fill_n(factors[tile.block].begin() + tile.port0 + std::size_t{r} * tile.padded, tile.padded,
                    std::ldexp(1.0, scales.exponent(p, r)));
  return factors;
}

template <class Real>
void SynapseBuilder<Real>::scale_weights(SynapseTable<Real>& table,
                                         const std::vector<std::vector<double>>& factors) const {
  parallel_items(threads_, table.parts.size(), [&](std::uint64_t part) {
    const auto [block, begin] = table.parts[part];
    const std::vector<double>& factor = factors[block];
    const auto ports = static_cast<std::uint32_t>(factor.size());
    for (std::uint64_t k = begin; k < begin + table.offsets_of(part)[table.rows]; ++k) {
      const std::uint32_t port = table.constant_delay ? table.index16[k] : table.index32[k] % ports;
      const double weight = std::bit_cast<Real>(table.weights[k]);
      table.weights[k] = static_cast<Accumulator<Real>>(std::llrint(weight * factor[port]));
    }
  });
}

template class SynapseBuilder<double>;
template class SynapseBuilder<float>;

}  // namespace ranvier
