#include "kernels/layout/layout.hpp"

#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

PopulationLayout share(std::uint32_t count, std::uint32_t receptors) {
  PopulationLayout p;
  p.size = count;
  p.count = count;
  p.receptors = receptors;
  return p;
}

Layout laid_out(std::vector<PopulationLayout> populations, const LayoutLimits& limits, std::uint32_t max_delay = 15) {
  Layout layout;
  layout.populations = std::move(populations);
  layout.max_delay = max_delay;
  lay_out(layout, limits);
  return layout;
}

TEST(Layout, CutsSharesIntoTiles) {
  const Layout layout = laid_out({share(600, 2), share(0, 1), share(3, 1)}, {});
  EXPECT_EQ(layout.slots, 19u);  // 15, and 4 that inputs may write ahead
  EXPECT_EQ(layout.neurons, 603u);

  const PopulationLayout& p = layout.populations[0];
  ASSERT_EQ(p.tiles.size(), 2u);
  EXPECT_EQ(p.tiles[1].first, 512u);
  EXPECT_EQ(p.tiles[1].count, 88u);
  EXPECT_EQ(p.tiles[1].padded, 128u);
  EXPECT_EQ(p.padded(), 640u);

  EXPECT_TRUE(layout.populations[1].tiles.empty());
  EXPECT_EQ(layout.populations[1].padded(), 0u);
  EXPECT_EQ(layout.populations[2].local0, 600u);
  EXPECT_EQ(layout.populations[2].padded(), 64u);
}

TEST(Layout, NumbersPortsTileByTileAndReceptorByReceptor) {
  const Layout layout = laid_out({share(600, 2), share(3, 1)}, {});
  const PopulationLayout& p = layout.populations[0];
  ASSERT_EQ(layout.blocks.size(), 1u);
  EXPECT_EQ(p.port(511, 0), 511u);
  EXPECT_EQ(p.port(511, 1), 1023u);
  EXPECT_EQ(p.port(599, 1), 1024u + 128u + 87u);
  EXPECT_EQ(layout.populations[1].port(2, 0), 1280u + 2u);
  EXPECT_EQ(layout.blocks[0].ports, 1280u + 64u);
  EXPECT_EQ(layout.ring_elements, 19u * 1344u);
  EXPECT_EQ(p.tiles[1].port_at(3, 1, 599), 3u * 1344u + 1239u);
}

TEST(Layout, CutsBlocksThatFitTheCache) {
  LayoutLimits limits;
  limits.ring_bytes = 512 * 19 * sizeof(std::int64_t);  // the ring of 512 ports
  limits.synapses_per_source = 1e6;
  const Layout layout = laid_out({share(2048, 1)}, limits);
  ASSERT_EQ(layout.blocks.size(), 4u);
  for (std::uint32_t b = 0; b < 4; ++b) {
    EXPECT_EQ(layout.blocks[b].ports, 512u);
    EXPECT_EQ(layout.blocks[b].ring, std::uint64_t{b} * 512 * 19);
    EXPECT_EQ(layout.populations[0].tiles[b].block, b);
    EXPECT_EQ(layout.populations[0].tiles[b].ring, layout.blocks[b].ring);
  }
  EXPECT_EQ(layout.populations[0].port(2047, 0), 511u);

  limits.accumulator_bytes = sizeof(std::int32_t);
  EXPECT_EQ(laid_out({share(2048, 1)}, limits).blocks.size(), 2u);
}

TEST(Layout, ShortRowsMakeLargerBlocks) {
  LayoutLimits limits;
  limits.ring_bytes = 1;
  limits.synapses_per_source = 48.0;  // two rows of the 24 synapses that are worth a row
  EXPECT_EQ(laid_out({share(2048, 1)}, limits).blocks.size(), 2u);
  limits.synapses_per_source = 1.0;
  EXPECT_EQ(laid_out({share(2048, 1)}, limits).blocks.size(), 1u);
}

/// A port is a 16-bit number and belongs to one receptor of one neuron.
TEST(Layout, NoTwoReceptorsShareAPort) {
  LayoutLimits limits;
  limits.ring_bytes = std::size_t{1} << 40;
  const Layout layout = laid_out({share(70000, 2), share(5, 3), share(1025, 1)}, limits);
  EXPECT_EQ(layout.blocks.size(), 3u);
  std::set<std::pair<std::uint32_t, std::uint32_t>> taken;
  std::size_t ports = 0;
  for (const PopulationLayout& p : layout.populations)
    for (std::uint32_t i = 0; i < p.count; ++i)
      for (std::uint32_t r = 0; r < p.receptors; ++r, ++ports) {
        const std::uint32_t block = p.tile_of(i).block, port = p.port(i, r);
        EXPECT_LT(port, layout.blocks[block].ports);
        EXPECT_LT(port, 65536u);
        taken.insert({block, port});
      }
  EXPECT_EQ(ports, 141040u);
  EXPECT_EQ(taken.size(), ports);
}

/// A place in a ring, with as much again to wrap around, is a 32-bit number.
TEST(Layout, LongDelaysMakeSmallerBlocks) {
  LayoutLimits limits;
  limits.ring_bytes = std::size_t{1} << 50;
  const Layout layout = laid_out({share(4608, 13), share(600, 63)}, limits, 65535);
  EXPECT_EQ(layout.blocks[0].ports, 4u * 512 * 13);  // a fifth tile would be nearer to even blocks, but too much
  for (const Block& block : layout.blocks) EXPECT_LE(block.ports * 65539.0, 0x1p31);
  EXPECT_THROW(laid_out({share(1, 64)}, limits, 65535), UsageError);  // 64 * 512 * 65539 > 2^31
  EXPECT_NO_THROW(laid_out({share(1, 100)}, limits, 30000));
}

/// What the longest delays and most receptors leave room for: no position in a ring wraps around 32 bits.
TEST(Layout, LongestDelaysKeepRingsWithinTheirIndex) {
  for (const std::uint32_t receptors : {1u, 2u, 63u}) {
    const Layout layout = laid_out({share(3000, receptors), share(70, 1)}, {}, 65535);
    for (const Block& block : layout.blocks) {
      EXPECT_LE(block.ports, 65536u);
      EXPECT_LE(std::uint64_t{block.ports} * layout.slots, std::uint64_t{1} << 31) << receptors << " receptors";
    }
    std::uint64_t lanes = 0;
    for (const Tile& tile : layout.populations[0].tiles) lanes += tile.count;
    EXPECT_EQ(lanes, 3000u);
  }
  EXPECT_THROW(laid_out({share(512, 64)}, {}, 65535), UsageError);
  EXPECT_NO_THROW(laid_out({share(512, 64)}, {}, 65000));
}

TEST(Layout, TooManyNeuronsOfOnePopulationAreRefused) {
  EXPECT_THROW(laid_out({share(4294966785u, 1)}, {}), RuntimeError);
}

}  // namespace
}  // namespace ranvier
