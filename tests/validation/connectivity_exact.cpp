#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "core/base/error.hpp"
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
        c.with_autapses(autapses);
        list.push_back(c);
      };
      const std::uint64_t n = 61, m = same ? 61 : 47;
      add(Connection("one_to_one", n, n));
      add(Connection("all_to_all", n, m));
      for (const double p : {0.0, 0.03, 0.5, 0.97, 1.0}) add(Connection("pairwise_bernoulli", n, m).p(p));
      for (const bool multapses : {true, false})
        for (const std::uint64_t k : {0, 1, 7, 33, 46}) {
          add(Connection("fixed_indegree", n, m).number(k).with_multapses(multapses));
          add(Connection("fixed_outdegree", n, m).number(k).with_multapses(multapses));
          add(Connection("fixed_total_number", n, m).number(60 * k).with_multapses(multapses));
        }
    }
  return list;
}

std::string name(const Connection& c) {
  std::string text = c.rule.model;
  for (const auto& [parameter, value] : c.rule.params)
    text += " " + parameter + " " + std::to_string(std::get<double>(value));
  return text + (c.ends.same_population ? " same" : "");
}

TEST(Connectivity, NoAutapsesNoMultapsesWhereForbidden) {
  for (const auto& c : all_variants()) {
    ASSERT_EQ(c.connector()->problem().text, "") << name(c);
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const Partners partners = connect(c, seed);
      ASSERT_EQ(partners.size(), c.drawing()) << name(c);
      for (std::uint32_t i = 0; i < partners.size(); ++i) {
        const auto& list = partners[i];
        for (const auto x : list) EXPECT_LT(x, c.drawn()) << name(c);
        if (c.ends.same_population && !c.autapses) {
          EXPECT_EQ(std::count(list.begin(), list.end(), i), 0) << name(c);
        }
        const bool single = !c.multapses || c.rule.model == "pairwise_bernoulli" || c.rule.model == "all_to_all";
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
    const Value* p = find_value(c.rule.params, "p");
    const bool exact = !p || std::get<double>(*p) == 0.0 || std::get<double>(*p) == 1.0;
    if (exact) {
      EXPECT_EQ(static_cast<double>(total(partners)), c.connector()->expected()) << name(c);
    }
    if (c.rule.model == "fixed_indegree" || c.rule.model == "fixed_outdegree") {
      for (const auto& list : partners) EXPECT_EQ(static_cast<double>(list.size()), c.wanted) << name(c);
    }
  }
}

/// What a rank draws for its own neurons does not depend on where its range begins or ends.
TEST(Connectivity, AnySplitOfTheNeuronsGivesTheSameNetwork) {
  auto list = all_variants();
  list.push_back(Connection("fixed_total_number", 500, 1000).number(20000));
  list.push_back(Connection("fixed_total_number", 500, 1000).number(20000).with_multapses(false));
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
    auto c = Connection("fixed_total_number", 40, 40).with_multapses(false);
    if (same) c.one_population(false);
    c.number(same ? 40 * 39 : 1600);
    for (const auto& list : connect(c)) EXPECT_EQ(list.size(), same ? 39u : 40u);
    auto d = Connection("fixed_indegree", 40, 40).with_multapses(false);
    if (same) d.one_population(false);
    d.number(same ? 39 : 40);
    EXPECT_EQ(total(connect(d)), same ? 1560u : 1600u);
  }
}

TEST(Connectivity, EmptyPopulations) {
  for (const auto& [source, target] : {std::pair{0, 5}, std::pair{5, 0}, std::pair{0, 0}})
    for (const auto& c :
         {Connection("all_to_all", source, target), Connection("pairwise_bernoulli", source, target).p(0.5),
          Connection("fixed_indegree", source, target).number(0),
          Connection("fixed_outdegree", source, target).number(0),
          Connection("fixed_total_number", source, target).number(0)}) {
      EXPECT_EQ(c.connector()->problem().text, "") << name(c);
      EXPECT_EQ(total(connect(c)), 0u) << name(c);
      EXPECT_EQ(c.connector()->expected(), 0.0) << name(c);
    }
  EXPECT_EQ(total(connect(Connection("one_to_one", 0, 0))), 0u);
  const auto alone = Connection("pairwise_bernoulli", 1, 1).p(1.0).one_population(false);
  EXPECT_EQ(total(connect(alone)), 0u);
}

TEST(Connectivity, ImpossibleRulesSayWhy) {
  const auto problem = [](const Connection& c) { return c.connector()->problem().text; };
  EXPECT_EQ(problem(Connection("one_to_one", 3, 4)), "needs populations of equal size, got 3 and 4");
  EXPECT_EQ(problem(Connection("fixed_indegree", 10, 5).number(11).with_multapses(false)),
            "indegree 11 without multapses, but only 10 sources are possible");
  EXPECT_EQ(problem(Connection("fixed_indegree", 10, 5).number(11)), "");
  EXPECT_EQ(problem(Connection("fixed_indegree", 1, 1).number(2).one_population(false)),
            "there is no source without autapses");
  EXPECT_EQ(problem(Connection("fixed_outdegree", 5, 0).number(2)),
            "outdegree 2, but there is no target, because a population is empty");
  EXPECT_EQ(problem(Connection("fixed_outdegree", 0, 5).number(2)), "");
  EXPECT_EQ(problem(Connection("fixed_total_number", 4, 4).number(13).with_multapses(false).one_population(false)),
            "N 13 without multapses, but only 12 pairs are possible");
  EXPECT_EQ(problem(Connection("fixed_total_number", 0, 4).number(1)),
            "N 1, but there is no pair, because a population is empty");
  EXPECT_EQ(problem(Connection("all_to_all", 0xffffffff, 4)),
            "a population of 4294967295 neurons cannot be connected, at most 4294967294; split the population");
  EXPECT_EQ(problem(Connection("fixed_indegree", 1, 1).number(2)), "");
  auto signal = Connection("all_to_all", 4, 4).one_population(false);
  EXPECT_EQ(problem(signal), "");
  signal.ends.signal = true;
  EXPECT_EQ(problem(signal), "a signal also reaches the neuron that sends it; leave the key out");
  EXPECT_EQ(signal.connector()->problem().parameter, "autapses");
}

template <class Exception>
std::string message(const std::function<void()>& wrong) {
  try {
    wrong();
  } catch (const Exception& error) {
    return error.what();
  }
  return "no error";
}

TEST(Connectivity, RulesAreKnownByTheirRegistryAlone) {
  const auto make = [](const ModelReference& rule) { rules().connector(rule, {4, 4, false}); };
  EXPECT_EQ(message<UsageError>([&] { make({}); }),
            "there is no connection rule ''; `ranvier describe` lists the rules");
  EXPECT_EQ(message<UsageError>([&] { make({"ring"}); }),
            "there is no connection rule 'ring'; `ranvier describe` lists the rules");
  EXPECT_EQ(message<UsageError>([&] { make({"pairwise_bernoulli"}); }),
            "rule pairwise_bernoulli: the parameter 'p' is missing");
  EXPECT_EQ(message<UsageError>([&] {
              make({"all_to_all", {{"p", 0.5}}});
            }),
            "rule all_to_all: there is no parameter 'p'");
  EXPECT_EQ(message<UsageError>([&] {
              make({"pairwise_bernoulli", {{"p", Distribution{}}}});
            }),
            "rule pairwise_bernoulli: the parameter 'p' must be one number");
  EXPECT_EQ(message<UsageError>([&] {
              make({"pairwise_bernoulli", {{"p", 0.5}, {"p", 0.5}}});
            }),
            "rule pairwise_bernoulli: a parameter is given twice");
}

/// Networks that do not come from a config are checked as well, all projections at once.
TEST(Connectivity, RulesAreCheckedBeforeANetworkIsBuilt) {
  Config config;
  for (const auto& [name, size] : {std::pair{"a", 3}, std::pair{"b", 4}}) {
    config.populations.emplace_back();
    config.populations.back().name = name;
    config.populations.back().size = static_cast<std::uint64_t>(size);
  }
  const auto add = [&](const std::string& target, ModelReference rule) {
    ProjectionConfig p;
    p.source = std::string("a");
    p.target = target;
    p.rule = std::move(rule);
    p.key = "a>" + target + ":r#" + std::to_string(config.projections.size());
    config.projections.push_back(std::move(p));
  };
  const auto problems = [&] { return message<UsageError>([&] { check_rules(config, rules()); }); };
  add("a", {"one_to_one"});
  EXPECT_EQ(problems(), "no error");
  add("b", {"one_to_one"});
  add("b", {"all_to_all"});
  add("b", {"fixed_indegree", {{"indegree", 4.0}, {"multapses", 0.0}}});
  EXPECT_EQ(problems(),
            "projection a>b:r#1: needs populations of equal size, got 3 and 4\n"
            "projection a>b:r#3: indegree 4 without multapses, but only 3 sources are possible");
  config.projections[1].signal = std::string("s");
  config.projections[3].rule = {};
  EXPECT_EQ(problems(), "there is no connection rule ''; `ranvier describe` lists the rules");
  config.projections[3].target = std::string("c");
  EXPECT_EQ(problems(), "projection a>b:r#3: there is no population 'c'");
}

/// What a user of the library adds: neuron i of the source to neuron i + 1 of the target.
struct Ring {
  struct Parameters {
    static constexpr auto fields() { return std::tuple{}; }
  };
  using Request = ConnectRequest<Parameters>;
  static ModelInfo info() {
    ModelInfo m;
    m.name = "ring";
    return m;
  }
  static RuleProblem problem(const Request&) { return {}; }
  static double expected(const Request& r) { return static_cast<double>(r.ends.n_target); }
  static void connect(const Request& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
    for (std::uint64_t target = first; target < last; ++target) {
      const auto source = static_cast<std::uint32_t>((target + r.ends.n_source - 1) % r.ends.n_source);
      sink(target, std::span(&source, 1));
    }
  }
};

TEST(Connectivity, ARuleCanBeAddedOnce) {
  RuleRegistry registry;
  registry.add<Ring>();
  EXPECT_EQ(registry.catalogue().models.at(0).kind, ModelKind::rule);
  std::vector<std::uint32_t> sources;
  registry.connector({"ring"}, {3, 3, true})->connect(0, 3, [&](std::uint64_t, std::span<const std::uint32_t> one) {
    sources.insert(sources.end(), one.begin(), one.end());
  });
  EXPECT_EQ(sources, (std::vector<std::uint32_t>{2, 0, 1}));
  EXPECT_EQ(message<std::logic_error>([&] { registry.add<Ring>(); }), "two connection rules are called 'ring'");
}

TEST(Connectivity, KeysAreTheProjectionsOwn) {
  const auto c = Connection("fixed_indegree", 1000, 50).number(20);
  auto other = c;
  other.key = std::string("a>b:r#1");
  EXPECT_NE(connect(c, 1), connect(other, 1));
  EXPECT_NE(connect(c, 1), connect(c, 2));
  EXPECT_EQ(connect(c, 1), connect(c, 1));
}

/// Membership of what was drawn is kept as bits for few candidates and by hashing for many: both must be distinct.
TEST(Connectivity, DistinctSourcesOutOfMillions) {
  for (const std::uint64_t n : {std::uint64_t{400'000}, std::uint64_t{3'000'000'000}}) {
    const Partners partners = connect(Connection("fixed_indegree", n, 20).number(2000).with_multapses(false));
    for (const auto& list : partners) {
      EXPECT_EQ(std::set<std::uint32_t>(list.begin(), list.end()).size(), 2000u);
      EXPECT_GT(*std::max_element(list.begin(), list.end()), n / 100 * 98);
    }
  }
}

}  // namespace
