#include "kernels/projections/signals.hpp"
#include "kernels/signals/signal_history.hpp"

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

TEST(SignalHistory, GivesWhatWasSentADelayAgo) {
  SignalHistory history({3, 0}, 5, 2);
  for (Step step = 0; step <= 20; ++step) {
    history.record(0, step, 8 * step);
    history.record(1, step, 100 + step);
    if (step < 5) continue;
    EXPECT_EQ(history.at(0, step - 5), static_cast<double>(step - 5));
    EXPECT_EQ(history.at(1, step), 100.0 + static_cast<double>(step));
    // 0.5 times what signal 0 was 3 steps ago, minus 2 times what signal 1 was 1 step ago.
    EXPECT_EQ(history.arriving({{0, 0.5, 3}, {1, -2.0, 1}}, step),
              0.5 * static_cast<double>(step - 3) - 2.0 * (99.0 + static_cast<double>(step)));
  }
}

TEST(SignalHistory, SendsNothingBeforeTheStart) {
  SignalHistory history({0}, 5, 1);
  history.record(0, 0, 7);
  EXPECT_EQ(history.at(0, -1), 0.0);
  EXPECT_EQ(history.arriving({{0, 2.0, 4}}, 3), 0.0);
  EXPECT_EQ(history.arriving({{0, 2.0, 4}}, 4), 14.0);
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
