#include "core/build/scales.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.hpp"
#include "tests/support/mpi_session.hpp"

namespace ranvier {
namespace {

/// Two populations on this process alone: two neurons with two receptors, one neuron with one.
class ScalesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    layout.populations.resize(2);
    layout.populations[0].count = 2;
    layout.populations[0].receptors = 2;
    layout.populations[1].count = 1;
    layout.populations[1].receptors = 1;
  }

  Layout layout;
};

TEST_F(ScalesTest, TheLargestSumOverNeuronsCounts) {
  Scales scales(layout);
  scales.add_bound(0, 0, 0, 3.0);
  scales.add_bound(0, 1, 0, 2.0);
  scales.add_bound(0, 1, 0, 2.5);
  EXPECT_EQ(scales.bound(0, 0), 4.5);
  EXPECT_EQ(scales.bound(0, 1), 0.0);
  scales.choose(Communicator::self(), 64);
  // 4.5 < 2^3; one bit for the sign and one to spare: 2^3 2^59 = 2^62.
  EXPECT_EQ(scales.exponent(0, 0), 59);
  EXPECT_EQ(scales.exponent(0, 1), 0);
  EXPECT_EQ(scales.bound(0, 0), 4.5);
}

TEST_F(ScalesTest, WeightsInUnitsOfTheAccumulator) {
  Scales scales(layout);
  scales.add_bound(0, 0, 1, 8.0);  // not below 2^3
  scales.choose(Communicator::self(), 32);
  EXPECT_EQ(scales.exponent(0, 1), 26);
  EXPECT_EQ(scales.to_fixed(0, 1, 1.5), 100663296);
  EXPECT_EQ(scales.to_fixed(0, 1, -1.5), -100663296);
  EXPECT_EQ(scales.unit(0, 1), std::ldexp(1.0, -26));
  EXPECT_EQ(scales.to_fixed(0, 1, 1.0 / 3.0), 22369621);  // 22369621.33 rounded
  EXPECT_EQ(scales.to_fixed(0, 1, 8.0), std::int64_t{1} << 29);
}

TEST_F(ScalesTest, TheOrderOfASumDoesNotChangeTheExponent) {
  // Ten times 0.1 is 1 as a product, but 1 - 2^-53 added up; a hundred times 0.01 is a little above 1.
  Scales added(layout);
  for (int i = 0; i < 10; ++i) added.add_bound(0, 0, 0, 0.1);
  for (int i = 0; i < 100; ++i) added.add_bound(0, 0, 1, 0.01);
  ASSERT_LT(added.bound(0, 0), 1.0);
  ASSERT_GT(added.bound(0, 1), 1.0);
  Scales multiplied(layout);
  multiplied.add_bound(0, 0, 0, 10 * 0.1);
  multiplied.add_bound(0, 0, 1, 100 * 0.01);
  ASSERT_EQ(multiplied.bound(0, 0), 1.0);
  ASSERT_EQ(multiplied.bound(0, 1), 1.0);
  for (Scales* s : {&added, &multiplied}) s->choose(Communicator::self(), 64);
  for (const std::uint32_t receptor : {0u, 1u}) {
    EXPECT_EQ(added.exponent(0, receptor), 61);
    EXPECT_EQ(multiplied.exponent(0, receptor), 61);
  }
}

TEST_F(ScalesTest, EveryBoundFitsTheAccumulator) {
  // On both sides of powers of two and of where the exponent steps down, 3e-4 below them.
  for (int k = -40; k <= 40; k += 5)
    for (const double relative : {0.5, 0.75, 0.999, 0.9996, 0.9997, 0.99999, 1.0 - 0x1p-53, 1.0, 1.0 + 0x1p-52, 1.5})
      for (const int bits : {32, 64}) {
        Scales scales(layout);
        const double bound = std::ldexp(relative, k);
        scales.add_bound(0, 0, 0, bound);
        scales.choose(Communicator::self(), bits);
        const double units = std::ldexp(bound, scales.exponent(0, 0));
        EXPECT_LE(units, std::ldexp(1.0, bits - 2)) << bound;
        EXPECT_GT(units, std::ldexp(0.999 / 2.0, bits - 2)) << bound;
        EXPECT_LE(scales.to_fixed(0, 0, bound), std::int64_t{1} << (bits - 2)) << bound;
      }
}

TEST_F(ScalesTest, WhatNoExponentBringsIntoTheAccumulatorIsRefused) {
  // In single precision sums fit up to 2^30 units of at most 2^120.
  Scales most(layout), more(layout);
  most.add_bound(0, 0, 0, std::ldexp(0.99, 150));
  more.add_bound(0, 0, 0, std::ldexp(1.0, 150));
  most.choose(Communicator::self(), 32);
  EXPECT_EQ(most.to_fixed(0, 0, std::ldexp(1.0, 149)), std::int64_t{1} << 29);
  EXPECT_THROW(more.choose(Communicator::self(), 32), UsageError);
}

TEST_F(ScalesTest, JoinedReceptorsShareTheSmallerExponent) {
  Scales scales(layout);
  scales.add_bound(0, 0, 0, 1.0);
  scales.add_bound(0, 0, 1, 1.0);
  scales.add_bound(1, 0, 0, 100.0);
  scales.join(1, 0, 0, 1);
  scales.choose(Communicator::self(), 64);
  EXPECT_EQ(scales.exponent(1, 0), 55);
  EXPECT_EQ(scales.exponent(0, 1), 55);
  EXPECT_EQ(scales.exponent(0, 0), 61);
}

TEST_F(ScalesTest, NamesWeightsThatALargerSourceDrowns) {
  for (const int bits : {32, 64}) {
    Scales scales(layout);
    scales.add_bound(0, 0, 0, 1e9);  // steps of 1 in 32 bits
    scales.add_source(0, 0, "projection big", 1e6, 1e9);
    for (const auto& [name, weight] : {std::pair{"zero", 0.3}, {"coarse", 400.0}, {"fine", 600.0}}) {
      scales.add_bound(0, 0, 0, weight);
      scales.add_source(0, 0, name, weight, weight);
    }
    scales.add_bound(0, 0, 1, 0.3);  // another receptor
    scales.add_source(0, 1, "apart", 0.3, 0.3);
    scales.choose(Communicator::self(), bits);
    ASSERT_EQ(scales.unit(0, 0), bits == 32 ? 1.0 : std::ldexp(1.0, -32));
    const std::vector<std::string> texts = scales.coarse_weights();
    ASSERT_EQ(texts.size(), bits == 32 ? 2 : 0);
    if (bits == 64) continue;
    EXPECT_EQ(
        texts[0].find("coarse: its weights, up to 400, arrive in multiples of 1, since projection big can bring 1e+09"),
        0);
    EXPECT_EQ(texts[1].find("zero: its weights, up to 0.3, arrive as 0, since projection big"), 0);
  }
}

TEST_F(ScalesTest, TheInverseStaysANormalNumberInSinglePrecision) {
  Scales scales(layout);
  scales.add_bound(0, 0, 0, 1e-60);
  scales.choose(Communicator::self(), 64);
  EXPECT_EQ(scales.exponent(0, 0), 120);
  EXPECT_TRUE(std::isnormal(static_cast<float>(scales.unit(0, 0))));
}

}  // namespace
}  // namespace ranvier
