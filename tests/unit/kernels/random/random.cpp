#include "kernels/random/random.hpp"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "tests/support/statistics.hpp"

using namespace ranvier;

namespace {

void expect_words(const Words& got, std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  EXPECT_EQ(got.w[0], a);
  EXPECT_EQ(got.w[1], b);
  EXPECT_EQ(got.w[2], c);
  EXPECT_EQ(got.w[3], d);
}

/// Known answers that come with Random123 (kat_vectors, philox4x32 10): counter words 0 to 3 are our counter, then index.
TEST(Philox, KnownAnswers) {
  expect_words(philox(Key{0, 0}, 0, 0), 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
  expect_words(philox(Key{0xffffffff, 0xffffffff}, ~std::uint64_t(0), ~std::uint64_t(0)), 0x408f276d, 0x41c83b0e,
               0xa20bc7c6, 0x6d5451fd);
  expect_words(philox(Key{0xa4093822, 0x299f31d0}, 0x0370734413198a2e, 0x85a308d3243f6a88), 0xd16cfe09, 0x94fdcceb,
               0x5001e420, 0x24126ea1);
}

TEST(Philox, AgreesWithRandom123) {
  for (std::uint64_t i = 0; i < 10000; ++i) {
    const Key key{static_cast<std::uint32_t>(i * 7919), static_cast<std::uint32_t>(i * 104729 + 5)};
    const std::uint64_t index = 0x123456789abcdef1 * i, counter = 0xfedcba9876543211 * (i + 3);
    const r123::Philox4x32::ctr_type input = {
        {static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32),
         static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32)}};
    const auto expected = r123::Philox4x32()(input, {{key.k0, key.k1}});
    expect_words(philox(key, index, counter), expected[0], expected[1], expected[2], expected[3]);
  }
}

TEST(Philox, LanesAgreeWithOneByOne) {
  constexpr int n = 256;
  std::vector<std::uint32_t> words(4 * n);
#pragma omp simd
  for (int i = 0; i < n; ++i) {
    const Words w = philox(Key{3, 4}, static_cast<std::uint64_t>(i), 5);
    for (int q = 0; q < 4; ++q) words[static_cast<std::size_t>(q * n + i)] = w.w[q];
  }
  for (std::uint32_t i = 0; i < n; ++i) {
    volatile std::uint64_t index = i;
    expect_words(philox(Key{3, 4}, index, 5), words[i], words[n + i], words[2 * n + i], words[3 * n + i]);
  }
}

TEST(Keys, DifferInSeedPurposeAndNameAndAreFixed) {
  std::set<std::uint64_t> seen;
  const auto add = [&](Key k) { seen.insert(std::uint64_t(k.k1) << 32 | k.k0); };
  for (std::uint64_t seed = 0; seed < 50; ++seed)
    for (const auto purpose : {Purpose::connectivity, Purpose::weight, Purpose::delay, Purpose::poisson_input})
      for (const char* name : {"", "exc>inh:ampa#0", "exc>inh:ampa#1", "inh>exc:ampa#0"})
        add(make_key(seed, purpose, name));
  EXPECT_EQ(seen.size(), 50u * 4u * 4u);
  // Every published result depends on this value.
  EXPECT_EQ(make_key(42, Purpose::weight, "a>b:c#0"), (Key{0x7c0594bf, 0x6bd47775}));
}

TEST(Uniform, ExcludesBothEnds) {
  EXPECT_EQ(uniform53(0, 0), 0x1p-53);
  EXPECT_EQ(uniform53(~0u, ~0u), 1.0 - 0x1p-53);
  EXPECT_EQ(uniform24(0), 0x1p-24f);
  EXPECT_EQ(uniform24(~0u), 1.0f - 0x1p-24f);
  EXPECT_EQ(uniform53(0x80000000u, 0), 0.5 + 0x1p-53);
}

TEST(Uniform, IsUniform) {
  Stream random(Key{1, 2}, 3);
  std::vector<double> sample(200000), single(200000);
  double product = 0.0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    sample[i] = random.uniform();
    single[i] = static_cast<double>(uniform24(random.next_word()));
    if (i > 0) product += (sample[i] - 0.5) * (sample[i - 1] - 0.5);
  }
  EXPECT_GT(test::kolmogorov_p(sample, [](double x) { return x; }), test::least_p);
  EXPECT_GT(test::kolmogorov_p(single, [](double x) { return x; }), test::least_p);
  // Neighbouring draws: correlation within four standard errors (each product has standard deviation 1/12).
  EXPECT_LT(std::abs(product) * 12.0, 4.0 * std::sqrt(200000.0));
}

TEST(Bounded, CoversTheRangeEvenly) {
  EXPECT_EQ(bounded(~0u, ~0u, 20000), 19999u);
  EXPECT_EQ(bounded(0, 0, 20000), 0u);
  EXPECT_EQ(bounded(~0u, ~0u, 0xffffffffu), 0xfffffffeu);
  EXPECT_EQ(bounded(0x80000000u, 0, 7), 3u);
  Stream random(Key{5, 6}, 0);
  std::vector<double> seen(37, 0.0);
  for (int i = 0; i < 100000; ++i) seen[random.bounded(37)] += 1.0;
  EXPECT_GT(test::chi_square_p(seen, std::vector<double>(37, 100000.0 / 37.0)), test::least_p);
}

TEST(Stream, TakesTheWordsOfSuccessiveCounters) {
  Stream stream(Key{7, 8}, 9, 100);
  for (std::uint64_t counter = 100; counter < 110; ++counter) {
    const Words w = philox(Key{7, 8}, 9, counter);
    for (const std::uint32_t word : w.w) EXPECT_EQ(stream.next_word(), word);
  }
}

}  // namespace
