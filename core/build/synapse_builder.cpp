#include "core/build/synapse_builder.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/expect.hpp"

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
void SynapseBuilder<Real>::build(const std::vector<ConnectedProjection*>& projections, const IdSet& slots,
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
      fill(table, *p, slots, multiplicity, scales);
      p->edges = Edges{};
    }
    source.pending.push_back(std::move(table));
  }
  sources_.push_back(std::move(source));
}

template <class Real>
auto SynapseBuilder<Real>::make_table(const Format& format, const std::vector<ConnectedProjection*>& projections,
                                      const IdSet& slots, std::uint32_t slot0) const -> Table {
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
                                      const IdSet& slots) const {
  SynapseTable<Real>& s = table.synapses;
  const std::size_t stride = std::size_t{s.rows} + 1;
  const std::size_t blocks = layout_.blocks.size();
  s.offsets = HostBuffer<std::uint32_t>(blocks * stride);
  s.first = HostBuffer<std::uint64_t>(blocks);
  for (const ConnectedProjection* p : projections) {
    const PopulationLayout& target = layout_.populations[p->target];
    for (std::uint32_t t = 0; t < target.count; ++t) {
      std::uint32_t* counts = s.offsets.data() + target.tile_of(t).block * stride + 1;
      for (std::uint64_t k = p->edges.begin[t]; k < p->edges.begin[t + 1]; ++k)
        ++counts[slots.index(p->edges.sources[k])];
    }
  }
  std::uint64_t total = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    s.first[b] = total;
    std::uint64_t in_block = 0;
    for (std::size_t r = 0; r < stride; ++r) {
      in_block += s.offsets[b * stride + r];
      s.offsets[b * stride + r] = static_cast<std::uint32_t>(in_block);  // checked below
    }
    if (in_block > 0xffffffffu) throw RuntimeError("more than 2^32 synapses onto one block of neurons; use more ranks");
    total += in_block;
  }
  // Offsets are moved one row back while the rows are filled: row r then grows from where row r - 1 ended.
  for (std::size_t b = 0; b < blocks; ++b) {
    std::uint32_t* o = s.offsets.data() + b * stride;
    for (std::size_t r = stride - 1; r > 0; --r) o[r] = o[r - 1];
  }
  if (s.constant_delay)
    s.index16 = HostBuffer<std::uint16_t>::uninitialised(total);
  else
    s.index32 = HostBuffer<std::uint32_t>::uninitialised(total);
  if (!s.constant_weight) s.weights = HostBuffer<Accumulator<Real>>::uninitialised(total);
}

template <class Real>
void SynapseBuilder<Real>::fill(Table& table, const ConnectedProjection& projection, const IdSet& slots,
                                double multiplicity, Scales& scales) const {
  SynapseTable<Real>& s = table.synapses;
  const Edges& edges = projection.edges;
  const PopulationLayout& target = layout_.populations[projection.target];
  const std::size_t stride = std::size_t{s.rows} + 1;
  SynapseValues weights = SynapseValues::weights(*projection.config, seed_, edges, target.first, target.size);
  for (std::uint32_t t = 0; t < target.count; ++t) {
    const Tile& tile = target.tile_of(t);
    const std::uint32_t port = target.port(t, projection.receptor);
    std::uint32_t* next = s.offsets.data() + tile.block * stride + 1;
    const std::uint64_t first = s.first[tile.block], begin = edges.begin[t];
    const std::uint32_t degree = edges.degree(t);
    const double* weight = s.constant_weight ? nullptr : weights.of(t).data();
    double sum = s.constant_weight ? std::abs(*table.weight) * degree : 0.0;
    for (std::uint32_t j = 0; j < degree; ++j) {
      const std::uint64_t k = first + next[slots.index(edges.sources[begin + j])]++;
      if (s.constant_delay)
        s.index16[k] = narrow<std::uint16_t>(port);
      else
        s.index32[k] = ring_offset(edges.constant_delay ? edges.delay : edges.delays[begin + j], tile, port);
      if (weight != nullptr) {
        s.weights[k] = as_bits<Real>(weight[j]);
        sum += std::abs(weight[j]);
      }
    }
    scales.add_bound(projection.target, t, projection.receptor, sum * multiplicity);
  }
}

template <class Real>
void SynapseBuilder<Real>::finish(const Scales& scales, std::vector<ProjectionPlan<Real>>& plans) {
  for (Source& source : sources_)
    for (Table& table : source.pending) {
      if (table.weight)
        // In the precision of the table, as weights that are kept one by one: both are the same number.
        table.synapses.weight = static_cast<Accumulator<Real>>(
            scales.to_fixed(table.population, table.receptor, static_cast<Real>(*table.weight)));
      else
        scale_weights(table.synapses, scales);
      std::vector<SourceTables<Real>>& of_plan = plans.at(table.plan).sources;
      if (of_plan.empty() || of_plan.back().source != source.index)
        of_plan.push_back({source.index, source.slot0, source.slots, {}});
      of_plan.back().tables.push_back(std::move(table.synapses));
    }
  sources_.clear();
}

template <class Real>
void SynapseBuilder<Real>::scale_weights(SynapseTable<Real>& table, const Scales& scales) const {
  const std::size_t stride = std::size_t{table.rows} + 1;
  for (std::size_t b = 0; b < layout_.blocks.size(); ++b) {
    const std::uint32_t ports = layout_.blocks[b].ports;
    std::vector<double> factor(ports, 1.0);
    for (std::size_t p = 0; p < layout_.populations.size(); ++p)
      for (const Tile& tile : layout_.populations[p].tiles)
        if (tile.block == b)
          for (std::uint32_t r = 0; r < layout_.populations[p].receptors; ++r)
            std::fill_n(factor.begin() + tile.port0 + std::size_t{r} * tile.padded, tile.padded,
                        std::ldexp(1.0, scales.exponent(p, r)));
    const std::uint64_t begin = table.first[b], end = begin + table.offsets[b * stride + table.rows];
    for (std::uint64_t k = begin; k < end; ++k) {
      const std::uint32_t port = table.constant_delay ? table.index16[k] : table.index32[k] % ports;
      const double weight = std::bit_cast<Real>(table.weights[k]);
      table.weights[k] = static_cast<Accumulator<Real>>(std::llrint(weight * factor[port]));
    }
  }
}

template class SynapseBuilder<double>;
template class SynapseBuilder<float>;

}  // namespace ranvier
