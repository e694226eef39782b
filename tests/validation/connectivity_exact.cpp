#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/validation/connectivity_cases.hpp"

using namespace ranvier;
using namespace ranvier::test;

namespace {

/// Every rule in every variant, small enough to look at each synapse.
std::vector<Connection> all_variants() {
  std::vector<Connection> list;
  for (const bool same : {false, true})
    for (const bool autapses : {true, false}) {
      const auto add = [&](Connection c) {
        if (same) c.one_population(autapses);
        c.config.autapses = autapses;
        list.push_back(c);
      };
      const std::uint64_t n = 61, m = same ? 61 : 47;
      add(Connection("one_to_one", n, n));
      add(Connection("all_to_all", n, m));
      for (const double p : {0.0, 0.03, 0.5, 0.97, 1.0}) add(Connection("pairwise_bernoulli", n, m).p(p));
      for (const bool multapses : {true, false})
        for (const std::uint64_t k : {0, 1, 7, 33, 46}) {
          add(Connection("fixed_indegree", n, m).number(k).multapses(multapses));
          add(Connection("fixed_outdegree", n, m).number(k).multapses(multapses));
          add(Connection("fixed_total_number", n, m).number(60 * k).multapses(multapses));
        }
    }
  return list;
}

std::string name(const Connection& c) {
  return c.config.rule + " p " + std::to_string(c.config.p) + " number " + std::to_string(c.config.number) +
         (c.same ? " same" : "") + (c.config.autapses ? "" : " no autapses") +
         (c.config.multapses ? "" : " no multapses");
}

TEST(Connectivity, NoAutapsesNoMultapsesWhereForbidden) {
  for (const auto& c : all_variants()) {
    ASSERT_EQ(rule_problem(c.request(1)), "") << name(c);
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const Partners partners = connect(c, seed);
      ASSERT_EQ(partners.size(), c.drawing()) << name(c);
      for (std::uint32_t i = 0; i < partners.size(); ++i) {
        const auto& list = partners[i];
        for (const auto x : list) EXPECT_LT(x, c.drawn()) << name(c);
        if (c.same && !c.config.autapses) {
          EXPECT_EQ(std::count(list.begin(), list.end(), i), 0) << name(c);
        }
        const bool single =
            !c.config.multapses || c.config.rule == "pairwise_bernoulli" || c.config.rule == "all_to_all";
        if (single) {
          EXPECT_EQ(std::set<std::uint32_t>(list.begin(), list.end()).size(), list.size()) << name(c);
        }
      }
    }
  }
}

TEST(Connectivity, NumbersAreExactWhereTheRuleIs) {
  for (const auto& c : all_variants()) {
    const Partners partners = connect(c);
    const bool exact = c.config.rule != "pairwise_bernoulli" || c.config.p == 0.0 || c.config.p == 1.0;
    if (exact) {
      EXPECT_EQ(static_cast<double>(total(partners)), expected_synapses(c.request(1))) << name(c);
    }
    if (c.config.rule == "fixed_indegree" || c.config.rule == "fixed_outdegree") {
      for (const auto& list : partners) EXPECT_EQ(list.size(), c.config.number) << name(c);
    }
  }
}

/// What a rank draws for its own neurons does not depend on where its range begins or ends.
TEST(Connectivity, AnySplitOfTheNeuronsGivesTheSameNetwork) {
  auto list = all_variants();
  list.push_back(Connection("fixed_total_number", 500, 1000).number(20000));
  list.push_back(Connection("fixed_total_number", 500, 1000).number(20000).multapses(false));
  list.push_back(Connection("pairwise_bernoulli", 5000, 100).p(0.05));
  for (const auto& c : list) {
    const Partners whole = connect(c, 9);
    for (const std::uint64_t ranks : {2, 3, 7, 64}) {
      Partners pieces;
      for (std::uint64_t r = 0; r < ranks; ++r)
        connect_range(c, 9, c.drawing() * r / ranks, c.drawing() * (r + 1) / ranks, pieces);
      EXPECT_EQ(pieces, whole) << name(c) << " on " << ranks;
    }
  }
}

TEST(Connectivity, AllToAllAndOneToOneAreTheirDefinitions) {
  const Partners all = connect(Connection("all_to_all", 5, 3));
  for (const auto& list : all) EXPECT_EQ(list, (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
  const Partners others = connect(Connection("all_to_all", 3, 3).one_population(false));
  EXPECT_EQ(others, (Partners{{1, 2}, {0, 2}, {0, 1}}));
  const Partners ones = connect(Connection("one_to_one", 3, 3));
  EXPECT_EQ(ones, (Partners{{0}, {1}, {2}}));
  EXPECT_EQ(total(connect(Connection("one_to_one", 3, 3).one_population(false))), 0u);
}

TEST(Connectivity, EveryPairIsTakenWhenAllAreAskedFor) {
  for (const bool same : {false, true}) {
    auto c = Connection("fixed_total_number", 40, 40).multapses(false);
    if (same) c.one_population(false);
    c.number(same ? 40 * 39 : 1600);
    for (const auto& list : connect(c)) EXPECT_EQ(list.size(), same ? 39u : 40u);
    auto d = Connection("fixed_indegree", 40, 40).multapses(false);
    if (same) d.one_population(false);
    d.number(same ? 39 : 40);
    EXPECT_EQ(total(connect(d)), same ? 1560u : 1600u);
  }
}

TEST(Connectivity, EmptyPopulations) {
  for (const char* rule :
       {"all_to_all", "pairwise_bernoulli", "fixed_indegree", "fixed_outdegree", "fixed_total_number"})
    for (const auto& [source, target] : {std::pair{0, 5}, std::pair{5, 0}, std::pair{0, 0}}) {
      const auto c = Connection(rule, source, target).p(0.5);
      EXPECT_EQ(rule_problem(c.request(1)), "") << rule;
      EXPECT_EQ(total(connect(c)), 0u) << rule;
      EXPECT_EQ(expected_synapses(c.request(1)), 0.0) << rule;
    }
  EXPECT_EQ(total(connect(Connection("one_to_one", 0, 0))), 0u);
  const auto alone = Connection("pairwise_bernoulli", 1, 1).p(1.0).one_population(false);
  EXPECT_EQ(total(connect(alone)), 0u);
}

TEST(Connectivity, ImpossibleRulesSayWhy) {
  const auto problem = [](const Connection& c) { return rule_problem(c.request(1)); };
  EXPECT_EQ(problem(Connection("one_to_one", 3, 4)),
            "one_to_one needs populations of the same size, but 'a' has 3 neurons and 'b' has 4; use another rule, or "
            "make the sizes equal");
  EXPECT_EQ(problem(Connection("fixed_indegree", 10, 5).number(11).multapses(false)),
            "indegree 11 cannot be had: population 'a' has 10 different sources to draw from; lower it, or allow "
            "multapses");
  EXPECT_EQ(problem(Connection("fixed_indegree", 1, 1).number(2).one_population(false)),
            "indegree 2 cannot be had: population 'a' has 0 sources to draw from (autapses are excluded); enlarge the "
            "population");
  EXPECT_EQ(problem(Connection("fixed_outdegree", 5, 0).number(2)),
            "outdegree 2 cannot be had: population 'b' has 0 targets to draw from; enlarge the population");
  EXPECT_EQ(problem(Connection("fixed_total_number", 4, 4).number(13).multapses(false).one_population(false)),
            "N 13 cannot be had: 'a' and 'b' have 12 pairs of neurons (autapses are excluded); lower it, or allow "
            "multapses");
  EXPECT_NE(problem(Connection("fixed_total_number", 0, 4).number(1)), "");
  EXPECT_NE(problem(Connection("all_to_all", 0xffffffff, 4)), "");
  EXPECT_EQ(problem(Connection("fixed_indegree", 1, 1).number(2)), "");
}

TEST(Connectivity, KeysAreTheProjectionsOwn) {
  const auto c = Connection("fixed_indegree", 1000, 50).number(20);
  auto other = c;
  other.config.key = std::string("a>b:r#1");
  EXPECT_NE(connect(c, 1), connect(other, 1));
  EXPECT_NE(connect(c, 1), connect(c, 2));
  EXPECT_EQ(connect(c, 1), connect(c, 1));
}

/// Membership of what was drawn is kept as bits for few candidates and by hashing for many: both must be distinct.
TEST(Connectivity, DistinctSourcesOutOfMillions) {
  for (const std::uint64_t n : {std::uint64_t{400'000}, std::uint64_t{3'000'000'000}}) {
    const Partners partners = connect(Connection("fixed_indegree", n, 20).number(2000).multapses(false));
    for (const auto& list : partners) {
      EXPECT_EQ(std::set<std::uint32_t>(list.begin(), list.end()).size(), 2000u);
      EXPECT_GT(*std::max_element(list.begin(), list.end()), n / 100 * 98);
    }
  }
}

}  // namespace
