#include "kernels/layout/layout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.hpp"

namespace ranvier {

namespace {

/// A synapse names its port in 16 bits where its delay is constant.
constexpr std::uint64_t max_block_ports = 65536;

/// A synapse with a delay of its own names its place in the ring in 32 bits, with room to wrap around.
constexpr std::uint64_t max_ring_elements = std::uint64_t{1} << 31;

/// Neurons of one population on one rank: their number rounded up to whole tiles fits 32 bits.
constexpr std::uint32_t max_count = std::uint32_t{0} - tile_lanes;

/// Inputs that are drawn for groups of four steps write up to three steps ahead of the interval.
constexpr std::uint32_t write_ahead = 4;

std::uint32_t round_up(std::uint32_t n, std::uint32_t to) { return (n + to - 1) / to * to; }

void cut_tiles(PopulationLayout& p) {
  if (p.count > max_count)
    throw RuntimeError(
        fmt::format("population {}: {} neurons on one rank (at most {}); use more ranks", p.name, p.count, max_count));
  p.tiles.clear();
  for (std::uint32_t first = 0; first < p.count; first += tile_lanes) {
    Tile tile;
    tile.first = first;
    tile.count = std::min(tile_lanes, p.count - first);
    tile.padded = round_up(tile.count, chunk_lanes);
    p.tiles.push_back(tile);
  }
}

std::uint64_t ports_of(const PopulationLayout& p) { return std::uint64_t{p.padded()} * p.receptors; }

/// Ports that a block can hold.
std::uint64_t most_ports(const Layout& layout) { return std::min(max_block_ports, max_ring_elements / layout.slots); }

/// Ports that a block should hold: as many as its cache allows, more where rows would otherwise be too short.
std::uint64_t block_budget(const Layout& layout, const LayoutLimits& limits, std::uint64_t all_ports) {
  // Spikes of an interval arrive in at most max_delay different steps: what lies behind stays cold.
  const std::uint64_t hot_bytes = std::uint64_t{layout.max_delay} * limits.accumulator_bytes;
  const std::uint64_t by_cache = std::max<std::uint64_t>(limits.ring_bytes / hot_bytes, 1);
  const double rows = std::max(1.0, limits.synapses_per_source / limits.min_row);
  const auto by_row = static_cast<std::uint64_t>(static_cast<double>(all_ports) / rows);
  return std::min(std::max(by_cache, by_row), most_ports(layout));
}

/// A tile is in one block. Whole tiles count, so that all ranks find the same.
void check_tiles(const Layout& layout) {
  for (const PopulationLayout& p : layout.populations)
    if (std::uint64_t{p.receptors} * tile_lanes > most_ports(layout))
      throw UsageError(
          fmt::format("population {}: {} receptors and delays of up to {} steps are too much for the "
                      "delay ring of {} neurons; use fewer receptors, shorter delays or a longer time "
                      "step",
                      p.name, p.receptors, layout.max_delay, tile_lanes));
}

/// What lay_out() promises.
[[maybe_unused]] bool is_whole(const Layout& layout) {
  for (const Block& b : layout.blocks)
    if (b.ports > max_block_ports || std::uint64_t{b.ports} * layout.slots > max_ring_elements) return false;
  for (const PopulationLayout& p : layout.populations) {
    std::uint64_t neurons = 0;
    for (const Tile& t : p.tiles) {
      if (t.count == 0 || t.padded < t.count || t.padded % chunk_lanes != 0) return false;
      if (t.first != neurons || t.port0 + t.padded * p.receptors > layout.blocks[t.block].ports) return false;
      neurons += t.count;
    }
    if (neurons != p.count) return false;
  }
  return true;
}

}  // namespace

void lay_out(Layout& layout, const LayoutLimits& limits) {
  RANVIER_EXPECT(layout.interval >= 1 && layout.max_delay >= 1 && limits.min_row > 0.0);
  layout.slots = std::max(layout.max_delay, layout.interval) + write_ahead;
  check_tiles(layout);
  layout.neurons = 0;
  layout.blocks.clear();
  std::uint64_t all_ports = 0;
  for (PopulationLayout& p : layout.populations) {
    cut_tiles(p);
    p.local0 = layout.neurons;
    layout.neurons += p.count;
    all_ports += ports_of(p);
  }
  const std::uint64_t budget = block_budget(layout, limits, all_ports);
  // Even blocks: the last one is not left with a few neurons.
  const std::uint64_t blocks = std::max<std::uint64_t>(1, (all_ports + budget - 1) / budget);
  const std::uint64_t even = (all_ports + blocks - 1) / blocks, most = most_ports(layout);

  for (PopulationLayout& p : layout.populations) {
    for (Tile& tile : p.tiles) {
      const std::uint32_t ports = tile.padded * p.receptors;
      if (layout.blocks.empty() || (layout.blocks.back().ports > 0 && (layout.blocks.back().ports + ports / 2 > even ||
                                                                       layout.blocks.back().ports + ports > most)))
        layout.blocks.emplace_back();
      tile.block = narrow<std::uint32_t>(layout.blocks.size() - 1);
      tile.port0 = layout.blocks.back().ports;
      layout.blocks.back().ports += ports;
    }
  }
  layout.ring_elements = 0;
  for (Block& block : layout.blocks) {
    block.ring = layout.ring_elements;
    layout.ring_elements += std::uint64_t{block.ports} * layout.slots;
  }
  for (PopulationLayout& p : layout.populations)
    for (Tile& tile : p.tiles) {
      tile.ring = layout.blocks[tile.block].ring;
      tile.ports = layout.blocks[tile.block].ports;
    }
  RANVIER_ENSURE(is_whole(layout));
}

}  // namespace ranvier
