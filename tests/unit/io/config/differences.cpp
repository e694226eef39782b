#include "io/config/differences.hpp"

#include <gmock/gmock.h>

namespace ranvier {
namespace {

using ::testing::ElementsAre;

const std::string one = R"(simulation: {dt: 0.1 ms, seed: 1}
populations:
  exc:
    size: 80
    params: {C_m: 200 pF, note: "a, {b"}
    init: {V_m: {normal: {mean: -55 mV, std: 5 mV}}}
projections:
  - {source: exc, target: exc, weight: 1 nS}
  - {source: exc, target: inh, weight: 2 nS}
)";

std::string with(const std::string& from, const std::string& to) {
  std::string text = one;
  return text.replace(text.find(from), from.size(), to);
}

TEST(ConfigDifferences, NoneInTheSame) { EXPECT_THAT(config_differences(one, one), ElementsAre()); }

TEST(ConfigDifferences, NameThePathAndBothValues) {
  EXPECT_THAT(config_differences(one, with("seed: 1", "seed: 2")), ElementsAre("simulation.seed: 1 / 2"));
  EXPECT_THAT(config_differences(one, with("size: 80", "size: 81")), ElementsAre("populations.exc.size: 80 / 81"));
  EXPECT_THAT(config_differences(one, with("std: 5 mV", "std: 4 mV")),
              ElementsAre("populations.exc.init.V_m.normal.std: 5 mV / 4 mV"));
  EXPECT_THAT(config_differences(one, with("{b\"", "{c\"")),
              ElementsAre("populations.exc.params.note: \"a, {b\" / \"a, {c\""));
  EXPECT_THAT(config_differences(one, with("weight: 2", "weight: 3")),
              ElementsAre("projections[1].weight: 2 nS / 3 nS"));
}

/// What a reader of lines would take for the end of a text, a list or an entry.
TEST(ConfigDifferences, ReadAsYaml) {
  const std::string text = "a: {file: \"x\\\\\", at: 1, ids: [1, 2], \"b, c: d\": {}}\nl:\n  - {m: {n: [p, {q: 1}]}}\n";
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string other = text;
    return other.replace(other.find(from), from.size(), to);
  };
  EXPECT_THAT(config_differences(text, changed("at: 1", "at: 2")), ElementsAre("a.at: 1 / 2"));
  EXPECT_THAT(config_differences(text, changed("[1, 2]", "[1, 3]")), ElementsAre("a.ids: [1, 2] / [1, 3]"));
  EXPECT_THAT(config_differences(text, changed("q: 1", "q: 2")), ElementsAre("l[0].m.n[1].q: 1 / 2"));
  EXPECT_THAT(config_differences(text, changed("d\": {}", "d\": 3")), ElementsAre("a.b, c: d: {} / 3"));
}

TEST(ConfigDifferences, WhatOnlyOneHas) {
  EXPECT_THAT(config_differences(one, with(", seed: 1", "")), ElementsAre("simulation.seed: 1 / nothing"));
  EXPECT_THAT(config_differences(with(", seed: 1", ""), one), ElementsAre("simulation.seed: nothing / 1"));
}

}  // namespace
}  // namespace ranvier
