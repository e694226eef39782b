#include "io/config/reader.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/unit/io/config/small_catalogue.hpp"

namespace ranvier {
namespace {

using Pairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

constexpr const char* coba = R"(
name: coba
variables: {scale: 1, n: 4000 * scale}
simulation: {duration: 5 s, dt: 0.1 ms, seed: 42, precision: double}
populations:
  exc:
    size: 0.8 * n
    model: lif
    params: {C_m: 200 pF, g_L: 10 nS, E_L: -60 mV, V_th: -50 mV, V_reset: -60 mV, t_ref: 5 ms, I_e: 200 pA}
    init: {V_m: {normal: {mean: -55 mV, std: 5 mV}}}
    receptors:
      ampa: {model: exponential, tau: 5 ms, E_rev: 0 mV}
      gaba: {model: exponential, tau: 10 ms, E_rev: -80 mV}
  inh: {like: exc, size: 0.2 * n}
projections:
  - {source: exc, target: [exc, inh], receptor: ampa, rule: pairwise_bernoulli, p: 80 / n, weight: 6 nS,  delay: 0.1 ms}
  - {source: inh, target: [exc, inh], receptor: gaba, rule: pairwise_bernoulli, p: 80 / n, weight: 67 nS, delay: 0.1 ms}
inputs:
  - {type: poisson, target: exc, receptor: ampa, rate: 100 Hz, weight: 1 nS, start: 0 ms, stop: 500 ms}
record:
  spikes: [exc, inh]
  traces:
    - {population: exc, ids: "0-9", variables: [V_m], every: 1 ms}
checkpoint: {every: 1 s}
output: results/coba
)";

Config parse(const std::string& text, const std::vector<std::string>& set = {}) {
  return parse_config(text, "test.yaml", "", test::small_catalogue(), set);
}

std::string errors(const std::string& text, const std::vector<std::string>& set = {}) {
  try {
    parse(text, set);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

double number(const ValueMap& values, const std::string& name) {
  for (const auto& [key, value] : values)
    if (key == name) return std::get<double>(value);
  ADD_FAILURE() << "no " << name;
  return 0.0;
}

TEST(ConfigReader, TheExampleOfTheDesign) {
  const Config c = parse(coba);
  EXPECT_EQ(c.name, "coba");
  EXPECT_EQ(c.duration, 5000.0);
  EXPECT_EQ(c.steps, 50000);
  EXPECT_EQ(c.seed, 42u);
  EXPECT_EQ(c.output, "results/coba");
  ASSERT_EQ(c.populations.size(), 2u);
  EXPECT_EQ(c.populations[0].size, 3200u);
  EXPECT_EQ(c.populations[1].size, 800u);
  EXPECT_EQ(c.populations[1].model, "lif");
  EXPECT_EQ(number(c.populations[1].params, "C_m"), 200.0);
  ASSERT_EQ(c.populations[1].receptors.size(), 2u);
  EXPECT_EQ(c.populations[1].receptors[1].name, "gaba");
  EXPECT_EQ(number(c.populations[1].receptors[1].params, "E_rev"), -80.0);
  const auto& start = std::get<Distribution>(c.populations[0].init[0].second);
  EXPECT_EQ(start.a, -55.0);
  EXPECT_EQ(start.b, 5.0);
  ASSERT_EQ(c.projections.size(), 4u);
  EXPECT_EQ(c.projections[1].key, "exc>inh:ampa#0");
  EXPECT_EQ(c.projections[1].rule.model, "pairwise_bernoulli");
  EXPECT_EQ(number(c.projections[1].rule.params, "p"), 0.02);
  EXPECT_EQ(c.projections[1].synapse.model, "static");
  EXPECT_EQ(std::get<double>(c.projections[3].weight), 67.0);
  EXPECT_EQ(std::get<double>(c.projections[3].delay), 0.1);
  ASSERT_EQ(c.inputs.size(), 1u);
  EXPECT_EQ(c.inputs[0].key, "poisson>exc:ampa#0");
  EXPECT_EQ(number(c.inputs[0].params, "stop"), 500.0);
  EXPECT_EQ(c.record.traces[0].ids, (Pairs{{0, 10}}));
  EXPECT_EQ(c.record.traces[0].every, 10);
  EXPECT_EQ(c.checkpoint.value().every_ms, 1000.0);
}

TEST(ConfigReader, SetReplacesWhatTheFileSays) {
  const Config c =
      parse(coba, {"variables.scale=10", "populations.exc.params.C_m=250 pF", "populations.inh.params.C_m=100 pF",
                   "projections.0.weight={normal: {mean: 6, std: 0.6}}", "record.spikes=[inh]",
                   "simulation.seed=18446744073709551615", "checkpoint.keep=5"});
  EXPECT_EQ(c.populations[0].size, 32000u);
  EXPECT_EQ(number(c.populations[0].params, "C_m"), 250.0);
  EXPECT_EQ(number(c.populations[1].params, "C_m"), 100.0);
  EXPECT_EQ(number(c.populations[1].params, "g_L"), 10.0);
  EXPECT_EQ(std::get<Distribution>(c.projections[1].weight).b, 0.6);
  EXPECT_EQ(c.record.spikes, (std::vector<std::string>{"inh"}));
  EXPECT_EQ(c.seed, 18446744073709551615u);
  EXPECT_EQ(c.checkpoint.value().keep, 5);
}

TEST(ConfigReader, BadSetIsPlacedAtTheOption) {
  EXPECT_EQ(errors(coba, {"variables.scael=2"}),
            "--set variables.scael=2: no 'scael' in 'variables'. Did you mean 'scale'?");
  EXPECT_EQ(errors(coba, {"populations.ex.size=2"}),
            "--set populations.ex.size=2: no 'ex' in 'populations'. Did you mean 'exc'?");
  EXPECT_EQ(errors(coba, {"simulation.dt"}), "--set simulation.dt: expected path.to.key=value");
  EXPECT_EQ(errors(coba, {"simulation.dt="}), "--set simulation.dt=: the value is missing");
  EXPECT_EQ(errors(coba, {"projections.7.weight=1"}),
            "--set projections.7.weight=1: position 7 is not in the list, which has 2 entries");
  EXPECT_EQ(errors(coba, {"projections.x.weight=1"}),
            "--set projections.x.weight=1: 'x' is no position in a list (0 to 1)");
  EXPECT_EQ(errors(coba, {"simulation.dt.x=1"}), "--set simulation.dt.x=1: 'dt' is a value, there is no 'x' in it");
  EXPECT_EQ(errors(coba, {"simulation.dt=0.1 mV"}),
            "--set simulation.dt=0.1 mV: dt: expected a time (ms), got 0.1 mV (a voltage)");
  EXPECT_EQ(errors(coba, {"simulation.td=0.1"}),
            "--set simulation.td=0.1: unknown key 'td' in simulation. Did you mean 'dt'?");
  EXPECT_EQ(errors(coba, {"a..b=1"}), "--set a..b=1: the path has an empty step");
}

/// Everything of a config but its text and folder, as text.
std::string contents(const Config& c) { return c.resolved_yaml; }

TEST(ConfigReader, TheResolvedConfigGivesTheSameConfig) {
  const std::string all = std::string(coba) + R"(
)";
  const Config first =
      parse(all, {"variables.scale=0.1", "projections.0.delay={normal: {mean: 1.5, std: 0.75, max: 3 ms}}",
                  "projections.1.weight={lognormal: {mean: 2 nS, std: 1 nS}}"});
  const Config second = parse(first.resolved_yaml);
  EXPECT_EQ(contents(first), contents(second));
  ASSERT_EQ(second.projections.size(), 4u);
  const auto& weight = std::get<Distribution>(second.projections[2].weight);
  const auto& before = std::get<Distribution>(first.projections[2].weight);
  EXPECT_EQ(weight.a, before.a);
  EXPECT_EQ(weight.b, before.b);
  EXPECT_EQ(second.projections[2].key, first.projections[2].key);
  EXPECT_EQ(number(second.projections[0].rule.params, "p"), number(first.projections[0].rule.params, "p"));
  EXPECT_EQ(second.populations[1].size, 80u);
  EXPECT_EQ(second.steps, first.steps);
}

TEST(ConfigReader, EveryKindOfEntryIsResolved) {
  const Config first = parse(R"(
simulation: {duration: 1 s, dt: 0.25, precision: single}
populations:
  in: {size: 2, model: spike_times, params: {times: [[1, 2.5], [3]]}}
  same: {size: 3, model: spike_times, params: {times: [10 ms, 20 ms]}}
  pois: {size: 4, model: poisson, params: {rate: 8 Hz}}
  rep: {size: 4, model: parrot}
  out: {size: 5, model: iaf_psc_delta, init: {V_m: {uniform: {min: -70, max: -60}}}}
  none: {size: 0, model: lif}
  cur: {size: 5, model: lif, params: {V_th: {gamma: {shape: 2, scale: 3 mV}}}, receptors: {d: {model: delta}}}
projections:
  - {source: pois, target: rep, rule: one_to_one, delay: 0.25}
  - {source: [in, rep], target: out, rule: fixed_indegree, indegree: 3, autapses: false, weight: {exponential: {mean: 2}}, delay: 2}
  - {source: out, target: out, rule: fixed_total_number, N: 10, multapses: false, autapses: false, weight: -0.5 mV, delay: 1.5}
  - {source: out, target: out, rule: all_to_all, weight: {truncated_normal: {mean: 1, std: 1, min: 0}}, delay: 1.5}
inputs:
  - {type: dc, target: [out, cur], amplitude: 20 pA, ids: "1, 3-4", stop: 10}
  - {type: step_current, target: out, times: [1, 2, 5], amplitudes: [1 pA, -2 pA, 0]}
  - {type: spikes, target: cur, times: [1, 1, 2], weight: 0.25}
record:
  traces: [{population: out, variables: V_m, every: 0.5, precision: double}]
checkpoint: {every_wall: 10 min}
)");
  const Config second = parse(first.resolved_yaml);
  EXPECT_EQ(contents(first), contents(second));
  EXPECT_EQ(second.name, "test");
  EXPECT_EQ(second.output, "results/test");
  EXPECT_EQ(second.precision, Precision::single);
  EXPECT_EQ(second.populations[0].spike_times, (std::vector<std::vector<double>>{{1.0, 2.5}, {3.0}}));
  EXPECT_EQ(second.populations[1].spike_times, (std::vector<std::vector<double>>(3, {10.0, 20.0})));
  ASSERT_EQ(second.projections.size(), 5u);
  EXPECT_EQ(second.projections[1].key, "in>out:spikes#0");
  EXPECT_EQ(number(second.projections[1].rule.params, "indegree"), 3.0);
  EXPECT_EQ(number(second.projections[1].rule.params, "autapses"), 0.0);
  EXPECT_EQ(number(second.projections[1].rule.params, "multapses"), 1.0);
  EXPECT_EQ(second.projections[3].key, "out>out:spikes#0");
  EXPECT_EQ(second.projections[4].key, "out>out:spikes#1");
  EXPECT_EQ(number(second.projections[3].rule.params, "multapses"), 0.0);
  EXPECT_EQ(std::get<double>(second.projections[3].weight), -0.5);
  ASSERT_EQ(second.inputs.size(), 4u);
  EXPECT_EQ(second.inputs[1].key, "dc>cur:#0");
  EXPECT_EQ(second.inputs[0].ids, (Pairs{{1, 2}, {3, 5}}));
  EXPECT_EQ(second.inputs[2].times, (std::vector<double>{1, 2, 5}));
  EXPECT_EQ(second.inputs[2].values, (std::vector<double>{1, -2, 0}));
  EXPECT_EQ(second.inputs[3].times, (std::vector<double>{1, 1, 2}));
  EXPECT_EQ(number(second.inputs[3].params, "weight"), 0.25);
  EXPECT_TRUE(second.record.traces[0].double_precision);
  EXPECT_EQ(second.record.traces[0].every, 2);
  EXPECT_EQ(second.checkpoint.value().every_wall_s, 600.0);
}

TEST(ConfigReader, LikeMergesDeeplyAndInChains) {
  const Config c = parse(R"(
simulation: {duration: 1}
populations:
  c: {like: b, params: {V_th: -40}}
  b: {like: a, size: 20, init: {V_m: {uniform: {low: -60, high: -50}}}, receptors: {ex: {tau: 3}, extra: {model: delta}}}
  a: {size: 10, model: lif, params: {C_m: 100, V_th: -50}, init: {V_m: {normal: {mean: -60, std: 1}}}, receptors: {ex: {model: exponential, tau: 2, E_rev: 0}}}
)");
  const PopulationConfig& last = *c.find_population("c");
  EXPECT_EQ(last.size, 20u);
  EXPECT_EQ(number(last.params, "C_m"), 100.0);
  EXPECT_EQ(number(last.params, "V_th"), -40.0);
  // A distribution is replaced whole: merging normal into uniform would make no sense.
  EXPECT_EQ(std::get<Distribution>(last.init[0].second).kind, Distribution::Kind::uniform);
  ASSERT_EQ(last.receptors.size(), 2u);
  EXPECT_EQ(number(last.receptors[0].params, "tau"), 3.0);
  EXPECT_EQ(number(last.receptors[0].params, "E_rev"), 0.0);
  EXPECT_EQ(number(c.find_population("a")->receptors[0].params, "tau"), 2.0);
}

TEST(ConfigReader, KeysCountOnlyTheirOwnKind) {
  const std::string head =
      "simulation: {duration: 1}\npopulations:\n  a: {size: 2, model: iaf_psc_delta}\n  b: {like: a}\nprojections:\n";
  const std::string ab = "  - {source: a, target: b, rule: all_to_all}\n",
                    ba = "  - {source: b, target: a, rule: all_to_all}\n";
  const Config one = parse(head + ab + ba + ab), two = parse(head + ba + ab + ab);
  EXPECT_EQ(one.projections[0].key, "a>b:spikes#0");
  EXPECT_EQ(one.projections[1].key, "b>a:spikes#0");
  EXPECT_EQ(one.projections[2].key, "a>b:spikes#1");
  EXPECT_EQ(two.projections[0].key, "b>a:spikes#0");
  EXPECT_EQ(two.projections[2].key, "a>b:spikes#1");
}

TEST(ConfigReader, WeightUnitFollowsTheReceptor) {
  const std::string text = R"(
simulation: {duration: 1}
populations:
  a: {size: 2, model: lif, receptors: {cond: {model: exponential, E_rev: 0}, curr: {model: exponential}, jump: {model: delta}}}
projections:
  - {source: a, target: a, receptor: RECEPTOR, rule: all_to_all, weight: 0.001 UNIT}
)";
  const auto weight = [&](const std::string& receptor, const std::string& unit) {
    std::string t = text;
    t.replace(t.find("RECEPTOR"), 8, receptor);
    t.replace(t.find("UNIT"), 4, unit);
    return std::get<double>(parse(t).projections[0].weight);
  };
  EXPECT_EQ(weight("cond", "uS"), 1.0);
  EXPECT_EQ(weight("curr", "nA"), 1.0);
  EXPECT_EQ(weight("jump", "V"), 1.0);
  EXPECT_THROW(weight("cond", "nA"), UsageError);
  EXPECT_THROW(weight("curr", "uS"), UsageError);
}

TEST(ConfigReader, DatasetsAreFoundFromTheFolderOfTheConfig) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "ranvier_config_reader";
  fs::create_directories(folder / "data");
  std::ofstream(folder / "data" / "v.h5") << "not looked into";
  const std::string text = R"(
simulation: {duration: 1}
populations:
  a: {size: 2, model: lif, init: {V_m: {hdf5: "data/v.h5:/deep/V"}}}
  s: {size: 2, model: spike_times, params: {times: {hdf5: "data/v.h5:/spikes/s"}}}
)";
  std::ofstream(folder / "net.yaml") << text;
  const Config c = read_config((folder / "net.yaml").string(), test::small_catalogue());
  const auto& dataset = std::get<Dataset>(c.populations[0].init[0].second);
  EXPECT_EQ(dataset.file, (folder / "data" / "v.h5").string());
  EXPECT_EQ(dataset.path, "/deep/V");
  EXPECT_EQ(c.populations[1].spike_file.value().path, "/spikes/s");
  const Config again = parse_config(c.resolved_yaml, "net.yaml", "/elsewhere", test::small_catalogue());
  EXPECT_EQ(again.resolved_yaml, c.resolved_yaml);
  EXPECT_EQ(errors(text),
            "test.yaml:4:47: V_m: no file 'data/v.h5' (relative paths start at the folder of the config)\n"
            "test.yaml:5:59: times: no file 'data/v.h5' (relative paths start at the folder of the config)");
  fs::remove_all(folder);
}

TEST(ConfigReader, AllErrorsAtOnceInOrder) {
  const std::string text =
      errors(coba, {"simulation.dt=-1", "populations.exc.params.C_m=0 pF", "projections.1.rule=al_to_al"});
  EXPECT_THAT(text, testing::HasSubstr("--set simulation.dt=-1: dt: must be above 0 ms, got -1 ms"));
  EXPECT_THAT(text, testing::HasSubstr("C_m: must be above 0 pF, got 0 pF"));
  EXPECT_THAT(text, testing::HasSubstr("rule: unknown rule 'al_to_al'. Did you mean 'all_to_all'?"));
}

TEST(ConfigReader, FilesThatCannotBeConfigs) {
  const auto message = [](const std::string& path) {
    try {
      read_config(path, test::small_catalogue());
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message("no/such.yaml"), "no/such.yaml: there is no such file");
  EXPECT_EQ(message("/"), "/: is a folder; give a file");
  EXPECT_EQ(message("/dev/zero"), "/dev/zero: is not a regular file");
}

TEST(ConfigReader, NeuronsHaveAtMostAHundredReceptors) {
  const auto with_receptors = [](int count) {
    std::string text =
        "simulation: {duration: 1}\npopulations: {a: {size: 1, model: lif, receptors: {r0: {model: delta}";
    for (int i = 1; i < count; ++i) text += ", r" + std::to_string(i) + ": {model: delta}";
    return text + "}}}\n";
  };
  EXPECT_EQ(parse(with_receptors(100)).populations[0].receptors.size(), 100u);
  EXPECT_EQ(errors(with_receptors(101)), "test.yaml:2:51: receptors: more than 100 in a population");
}

TEST(ConfigReader, NamesOfInputsAreTakenPerPopulation) {
  const std::string text = R"(
simulation: {duration: 1}
populations: {a: {size: 1, model: lif}, b: {like: a}}
inputs:
  - {type: noise, target: [a, b], name: x}
  - {type: noise, target: b, name: y}
  - {type: noise, target: a, name: y}
)";
  Catalogue catalogue = test::small_catalogue();
  catalogue.models.push_back(test::input("noise", {test::state("I", unit::pA, 0.0)}, false));
  const auto read = [&](const std::string& more) { return parse_config(text + more, "test.yaml", "", catalogue); };
  EXPECT_EQ(read("record: {traces: [{population: a, variables: [x.I, y.I]}]}").inputs.size(), 4u);
  try {
    read("  - {type: noise, target: [a], name: x}\n");
    ADD_FAILURE();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "test.yaml:8:38: name: population 'a' already has a receptor or input called 'x'");
  }
}

TEST(ConfigReader, ZeroSizePopulationsMayBeConnected) {
  const Config c = parse(R"(
simulation: {duration: 1}
populations: {a: {size: 0, model: iaf_psc_delta}, b: {size: 4, model: iaf_psc_delta}}
projections:
  - {source: a, target: b, rule: pairwise_bernoulli, p: 0.5}
  - {source: b, target: a, rule: all_to_all}
  - {source: a, target: a, rule: one_to_one}
)");
  EXPECT_EQ(c.projections.size(), 3u);
}

}  // namespace
}  // namespace ranvier
