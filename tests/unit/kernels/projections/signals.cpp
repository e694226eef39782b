#include "kernels/projections/signals.hpp"

#include <gtest/gtest.h>

namespace ranvier {
namespace {

TEST(SignalExponent, KeepsFiftyBitsOfAValueWhereSumsHaveRoom) {
  EXPECT_EQ(signal_exponent(0.0, 1.0, 1), 49);       // 2^49 <= largest value < 2^50
  EXPECT_EQ(signal_exponent(0.0, 1.0, 4095), 49);    // 4095 2^49 < 2^61
  EXPECT_EQ(signal_exponent(-100.0, 50.0, 10), 43);  // 100 < 2^7
  EXPECT_EQ(signal_exponent(0.0, 0.25, 1), 51);      // 0.25 < 2^-1
}

TEST(SignalExponent, LeavesRoomForTheLargestSum) {
  for (const std::uint64_t neurons : {1ull, 1000ull, 1ull << 20, (1ull << 32) - 2}) {
    const double sum = std::ldexp(static_cast<double>(neurons), signal_exponent(0.0, 1.0, neurons));
    EXPECT_LE(sum, 0x1p62) << neurons;
  }
  EXPECT_EQ(signal_exponent(0.0, 1.0, 1ull << 32), 62 - 33);
}

/// Two tiles, the second of them part empty: what lies in the padding does not count.
TEST(SumSignal, AddsUpTheNeuronsOfAllTiles) {
  PopulationLayout share;
  share.count = tile_lanes + 3;
  Layout layout;
  layout.populations = {share};
  lay_out(layout, {});
  const PopulationLayout& laid = layout.populations[0];
  Array<double, HostExec> values("values", laid.padded());
  for (std::uint32_t i = 0; i < laid.padded(); ++i) values(i) = 0.25;
  values(0) = 1.0;
  values(1) = 1.0 + 1e-12;  // rounding beyond the range
  values(2) = -1e-300;
  const Array<std::int64_t, HostExec> sums("sums", 4);
  const SumSignal<HostExec, double> sum({0, "s", 0.0, 1.0, 2}, TileArray<HostExec>(laid), values, sums);
  for (const Tile& tile : laid.tiles) sum.run_tile(tile, 6);
  sum.launch_steps(3, 1);
  // In quarters: 1 and 1 and 0, and 512 times one quarter.
  EXPECT_EQ(sums(2), 4 + 4 + 0 + 512);
  EXPECT_EQ(sums(3), sums(2));
  EXPECT_EQ(sums(0) + sums(1), 0);
}

}  // namespace
}  // namespace ranvier
