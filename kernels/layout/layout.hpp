#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/expect.hpp"
#include "core/base/ids.hpp"
#include "kernels/space/inline.hpp"

/// How the neurons of one rank lie in memory. Results never depend on it.
///
/// A population's share of a rank is cut into tiles of at most `tile_lanes` neurons; arrays over it are padded to whole
/// chunks of `chunk_lanes`, so that no element is left to a remainder loop. Tiles are grouped into blocks: a block's
/// delay ring, [slot][port], fits the cache of a core, and synapses are stored by (source, block). A port is one
/// receptor of one neuron; those of a tile are consecutive: port0 + receptor * padded + lane.
namespace ranvier {

inline constexpr std::uint32_t chunk_lanes = 64;
inline constexpr std::uint32_t tile_lanes = 512;

struct Tile {
  std::uint32_t first = 0;   ///< first neuron, within the population's share of this rank (and its padded arrays)
  std::uint32_t count = 0;   ///< neurons
  std::uint32_t padded = 0;  ///< neurons rounded up to whole chunks
  std::uint32_t block = 0;
  std::uint32_t port0 = 0;  ///< first port within the block
  std::uint32_t ports = 0;  ///< ports of the block: the stride between slots
  std::uint64_t ring = 0;   ///< where the block's ring begins

  /// Element of the ring that belongs to a slot and to one receptor of lane i of the population.
  RANVIER_INLINE std::uint64_t port_at(std::uint32_t slot, std::uint32_t receptor, std::size_t i) const {
    return ring + std::uint64_t{slot} * ports + port0 + std::uint64_t{receptor} * padded + (i - first);
  }
};

struct Block {
  std::uint64_t ring = 0;   ///< first element of the block's ring
  std::uint32_t ports = 0;  ///< elements of one slot
};

/// One population's share of this rank: neurons [first, first + count) of the population.
struct PopulationLayout {
  std::string name;
  std::uint64_t size = 0;       ///< neurons of the whole population
  std::uint64_t gid0 = 0;       ///< global id of its neuron 0
  std::uint64_t first = 0;      ///< first neuron of this rank
  std::uint32_t count = 0;      ///< neurons of this rank
  std::uint32_t local0 = 0;     ///< LocalIndex of its first neuron on this rank
  std::uint32_t receptors = 0;  ///< ports per neuron
  std::vector<Tile> tiles;

  std::uint32_t padded() const { return tiles.empty() ? 0 : tiles.back().first + tiles.back().padded; }
  const Tile& tile_of(std::uint32_t neuron) const {
    RANVIER_EXPECT(neuron < count);
    return tiles[neuron / tile_lanes];
  }
  /// Port, within its block, of a receptor of a neuron of this rank.
  std::uint32_t port(std::uint32_t neuron, std::uint32_t receptor) const {
    RANVIER_EXPECT(receptor < receptors);
    const Tile& t = tile_of(neuron);
    return t.port0 + receptor * t.padded + (neuron - t.first);
  }
};

/// Time on the ring: step s is slot s % slots. `slots` covers the longest delay and what inputs write ahead.
struct Layout {
  std::vector<PopulationLayout> populations;
  std::vector<Block> blocks;
  std::uint32_t slots = 1;
  std::uint32_t interval = 1;   ///< steps between exchanges: the shortest delay, capped
  std::uint32_t max_delay = 1;  ///< steps
  std::uint32_t neurons = 0;    ///< of this rank
  std::uint64_t ring_elements = 0;
};

/// What decides the cut into blocks.
struct LayoutLimits {
  std::size_t ring_bytes = 512 * 1024;  ///< of one block: half of a core's L2
  double synapses_per_source = 0.0;     ///< mean number of targets of a source on this rank
  double min_row = 24.0;                ///< synapses: shorter rows waste cache lines, so blocks grow instead
  std::size_t accumulator_bytes = 8;
};

/// Cuts the shares into tiles and blocks. In: name, size, gid0, first, count, receptors of each population, interval and
/// max_delay. Out: everything else. A block has at most 65536 ports and a ring of at most 2^31 elements. UsageError where
/// a population has more receptors than rings for delays that long can hold, RuntimeError where it has too many neurons for
/// one rank.
void lay_out(Layout& layout, const LayoutLimits& limits);

}  // namespace ranvier
