#include "comm/exchange/chunk_size.hpp"

#include <gtest/gtest.h>

namespace ranvier {
namespace {

TEST(ChunkSize, ExponentHoldsTheCount) {
  EXPECT_EQ(ChunkSize::exponent_for(0), 0U);
  EXPECT_EQ(ChunkSize::exponent_for(1), 0U);
  EXPECT_EQ(ChunkSize::exponent_for(2), 1U);
  EXPECT_EQ(ChunkSize::exponent_for(3), 2U);
  EXPECT_EQ(ChunkSize::exponent_for(1024), 10U);
  EXPECT_EQ(ChunkSize::exponent_for(1025), 11U);
}

TEST(ChunkSize, GrowsAtOnceAndShrinksAfterAWindow) {
  ChunkSize chunk(4);
  EXPECT_EQ(chunk.spikes(), 16U);
  EXPECT_TRUE(chunk.observe(10));
  EXPECT_EQ(chunk.spikes(), 1024U);
  for (int i = 1; i < 256; ++i) EXPECT_FALSE(chunk.observe(6)) << i;  // the burst is within this window
  for (int i = 0; i < 255; ++i) EXPECT_FALSE(chunk.observe(6)) << i;
  EXPECT_TRUE(chunk.observe(6));  // the end of the first window without it
  EXPECT_EQ(chunk.spikes(), 64U);
  for (int i = 0; i < 600; ++i) chunk.observe(0);
  EXPECT_EQ(chunk.spikes(), 16U);  // never below the smallest
}

}  // namespace
}  // namespace ranvier
