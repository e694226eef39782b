#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "io/config/describe.hpp"
#include "io/config/reader.hpp"
#include "io/config/schema.hpp"
#include "tests/unit/io/config/small_catalogue.hpp"

/// A projection refers to two models, its rule and its synapse.
namespace ranvier {
namespace {

using testing::HasSubstr;
using testing::Not;

/// One projection, `{source: a, target: b, ` + rest + `}`, between 3 and 4 neurons.
std::string text_of(const std::string& rest) {
  return "simulation: {duration: 1}\n"
         "populations: {a: {size: 3, model: iaf_psc_delta}, b: {size: 4, model: iaf_psc_delta}}\n"
         "projections:\n"
         "  - {source: a, target: b, " +
         rest + "}\n";
}

Config parse(const std::string& text) { return parse_config(text, "test.yaml", "", test::small_catalogue()); }

ProjectionConfig read(const std::string& rest) { return parse(text_of(rest)).projections.at(0); }

std::string errors(const std::string& rest) {
  try {
    read(rest);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

/// What run.yaml says of the projection, which must read back as the same.
std::string printed(const std::string& rest) {
  const std::string yaml = parse(text_of(rest)).resolved_yaml;
  EXPECT_EQ(parse(yaml).resolved_yaml, yaml);
  const auto begin = yaml.find("  - {"), end = yaml.find('\n', begin);
  return yaml.substr(begin + 4, end - begin - 4);
}

double number(const ModelReference& reference, const std::string& name) {
  const Value* value = find_value(reference.params, name);
  return value ? std::get<double>(*value) : -1.0;
}

TEST(ConfigProjections, ARuleHasItsParametersBesideItOrInAMap) {
  for (const char* rule : {"rule: fixed_indegree, multapses: false, indegree: 3",
                           "rule: {model: fixed_indegree, multapses: false, indegree: 3}"}) {
    const ProjectionConfig p = read(rule);
    EXPECT_EQ(p.rule.model, "fixed_indegree");
    EXPECT_EQ(p.rule.params.size(), 2u);
    EXPECT_EQ(number(p.rule, "indegree"), 3.0);
    EXPECT_EQ(number(p.rule, "multapses"), 0.0);
    EXPECT_EQ(printed(rule),
              "{source: a, target: b, receptor: spikes, rule: fixed_indegree, indegree: 3, autapses: true, "
              "multapses: false, weight: 1 mV, delay: 1 ms}");
  }
}

TEST(ConfigProjections, ASynapseIsANameOrAMap) {
  EXPECT_EQ(read("rule: all_to_all").synapse.model, "static");
  EXPECT_EQ(read("rule: all_to_all, synapse: static").synapse.model, "static");
  EXPECT_EQ(read("rule: all_to_all, synapse: {model: static}").synapse.model, "static");
  const ProjectionConfig p = read("rule: all_to_all, synapse: {model: fading, tau_rec: 0.1 s, U: 1 / 4}, weight: 2");
  EXPECT_EQ(p.synapse.model, "fading");
  EXPECT_EQ(p.synapse.params.size(), 2u);
  EXPECT_EQ(number(p.synapse, "tau_rec"), 100.0);
  EXPECT_EQ(number(p.synapse, "U"), 0.25);
  EXPECT_EQ(std::get<double>(p.weight), 2.0);
}

TEST(ConfigProjections, APrintedSynapseIsOneThatIsNotStatic) {
  const std::string head = "{source: a, target: b, receptor: spikes, rule: all_to_all, autapses: true, ",
                    tail = "weight: 1 mV, delay: 1 ms}";
  EXPECT_EQ(printed("rule: all_to_all"), head + tail);
  EXPECT_EQ(printed("rule: all_to_all, synapse: {model: static}"), head + tail);
  EXPECT_EQ(printed("rule: {model: all_to_all}, synapse: {model: fading, U: 0.25, tau_rec: 0.1 s}"),
            head + "synapse: {model: fading, U: 0.25, tau_rec: 100 ms}, " + tail);
}

TEST(ConfigProjections, MistakesInASynapseHaveTheirPlace) {
  EXPECT_EQ(errors("rule: all_to_all, synapse: fadign"),
            "test.yaml:4:55: synapse: unknown synapse 'fadign'. Did you mean 'fading'?");
  EXPECT_EQ(errors("rule: all_to_all, synapse: [static]"),
            "test.yaml:4:55: synapse: expected the name of a synapse, got a list");
  EXPECT_EQ(errors("rule: all_to_all, synapse: {tau_rec: 1 ms}"), "test.yaml:4:55: 'model' is missing in a synapse");
  EXPECT_EQ(errors("rule: all_to_all, synapse: {model: fadign, tau_rec: 1 ms}"),
            "test.yaml:4:63: model: unknown synapse 'fadign'. Did you mean 'fading'?");
  EXPECT_EQ(errors("rule: all_to_all, synapse: {model: fading, tau_rce: 1 ms}"),
            "test.yaml:4:55: 'tau_rec' of 'fading' is missing (the tau_rec)\n"
            "test.yaml:4:71: unknown key 'tau_rce' in a synapse (fading). Did you mean 'tau_rec'?");
  EXPECT_EQ(errors("rule: all_to_all, synapse: {model: static, U: 0.1}"),
            "test.yaml:4:71: unknown key 'U' in a synapse (static). Known: model");
  EXPECT_EQ(errors("rule: all_to_all, synapse: fading"),
            "test.yaml:4:55: 'tau_rec' of 'fading' is missing (the tau_rec)");
  EXPECT_EQ(errors("rule: all_to_all, synapse: {model: fading, tau_rec: 1 mV}"),
            "test.yaml:4:80: tau_rec: expected a time (ms), got 1 mV (a voltage)");
  EXPECT_EQ(errors("rule: all_to_all, synapse: {model: fading, tau_rec: 0}"),
            "test.yaml:4:80: tau_rec: must be above 0 ms, got 0 ms");
  EXPECT_EQ(errors("rule: all_to_all, synapse: {model: fading, tau_rec: 1, x_min: 0.5, x_max: 0.25}"),
            "test.yaml:4:90: x_min (0.5) must be below x_max (0.25)");
}

TEST(ConfigProjections, ParametersAreOneNumberForAProjection) {
  EXPECT_EQ(errors("rule: all_to_all, synapse: {model: fading, tau_rec: {uniform: {low: 1, high: 2}}}"),
            "test.yaml:4:80: tau_rec: must be one number for all synapses of the projection, got a map");
  EXPECT_EQ(errors("rule: {model: pairwise_bernoulli, p: {uniform: {low: 0, high: 1}}}"),
            "test.yaml:4:65: p: must be one number for all synapses of the projection, got a map");
  EXPECT_THAT(describe(test::small_catalogue(), "fading"), HasSubstr("tau_rec  ms    required  one number, above 0"));
}

TEST(ConfigProjections, MistakesInARuleHaveTheirPlace) {
  EXPECT_EQ(errors("rule: {model: fixed_indegree, indegre: 5}"),
            "test.yaml:4:34: 'indegree' of 'fixed_indegree' is missing (the indegree)\n"
            "test.yaml:4:58: unknown key 'indegre' in a rule (fixed_indegree). Did you mean 'indegree'?");
  EXPECT_EQ(errors("rule: {indegree: 5}"), "test.yaml:4:34: 'model' is missing in a rule");
  EXPECT_EQ(errors("rule: {model: all_to_al}"),
            "test.yaml:4:42: model: unknown rule 'all_to_al'. Did you mean 'all_to_all'?");
  EXPECT_EQ(errors("rule: "), "test.yaml:4:34: rule: expected the name of a rule, got nothing");
  EXPECT_EQ(errors("weight: 1"), "test.yaml:4:5: 'rule' is missing in a projection");
}

TEST(ConfigProjections, ParametersThatStandInTheWrongMap) {
  EXPECT_EQ(
      errors("rule: {model: fixed_indegree}, indegree: 5"),
      "test.yaml:4:34: 'indegree' of 'fixed_indegree' is missing (the indegree)\n"
      "test.yaml:4:59: unknown key 'indegree' in a projection. Write rule: {model: fixed_indegree, indegree: ..}");
  EXPECT_EQ(errors("rule: all_to_all, synapse: {model: fading, tau_rec: 1}, U: 0.1"),
            "test.yaml:4:84: unknown key 'U' in a projection (all_to_all). Write synapse: {model: fading, U: ..}");
  EXPECT_EQ(
      errors("rule: {model: all_to_all}, file: e.h5"),
      "test.yaml:4:55: unknown key 'file' in a projection. Known: source, target, receptor, signal, rule, synapse, "
      "weight, delay");
  EXPECT_EQ(errors("rule: {model: all_to_all, weight: 3}"),
            "test.yaml:4:54: unknown key 'weight' in a rule (all_to_all). Known: model, autapses");
}

TEST(ConfigProjections, ARuleSaysWhatItCannotDo) {
  EXPECT_EQ(errors("rule: one_to_one"), "test.yaml:4:5: one_to_one from 'a' to 'b': got 3 and 4");
  EXPECT_EQ(errors("rule: {model: one_to_one}"), "test.yaml:4:5: one_to_one from 'a' to 'b': got 3 and 4");
}

constexpr const char* signals = R"(
simulation: {duration: 1}
populations:
  a: {size: 3, model: gated, receptors: {g: {model: signalled}}}
projections:
  - {source: a, target: a, signal: m, )";

std::string signal_errors(const std::string& rest) {
  Catalogue catalogue = test::small_catalogue();
  ModelInfo gated = test::named("gated", ModelKind::neuron,
                                {{"m", unit::one, 0.0, range::probability, Role::state, "the gate", Form::quantity}});
  gated.receptors = ReceptorPolicy::composed;
  ModelInfo signalled = test::named("signalled", ModelKind::receptor, {});
  signalled.takes_signal = true;
  for (const ModelInfo& m : {gated, signalled}) catalogue.models.push_back(m);
  try {
    parse_config(signals + rest + "}\n", "test.yaml", "", catalogue);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ConfigProjections, ASignalNeedsARuleForSignalsAndNoSynapse) {
  EXPECT_EQ(signal_errors("rule: all_to_all"), "no error");
  EXPECT_EQ(signal_errors("rule: {model: all_to_all}"), "no error");
  EXPECT_EQ(signal_errors("rule: {model: fixed_indegree, indegree: 2}"),
            "test.yaml:6:45: rule: a signal needs the rule all_to_all, got 'fixed_indegree'");
  // A problem with one parameter stands where the parameter does.
  EXPECT_EQ(signal_errors("rule: all_to_all, autapses: false"), "test.yaml:6:67: autapses: must be true");
  EXPECT_EQ(signal_errors("rule: {model: all_to_all, autapses: false}"), "test.yaml:6:75: autapses: must be true");
  EXPECT_EQ(signal_errors("rule: all_to_all, synapse: static"),
            "test.yaml:6:66: synapse: a signal does not use synapses; leave the key out");
}

TEST(ConfigProjections, TheSchemaHasBothForms) {
  const auto schema = nlohmann::json::parse(json_schema(test::small_catalogue()));
  const auto& projection = schema["properties"]["projections"]["items"];
  const auto& synapse = projection["properties"]["synapse"]["anyOf"];
  EXPECT_EQ(synapse[0]["enum"], nlohmann::json({"static", "fading"}));
  EXPECT_EQ(synapse[1]["required"], nlohmann::json({"model"}));
  const auto& fading = synapse[1]["allOf"][1];
  EXPECT_EQ(fading["if"]["properties"]["model"]["const"], "fading");
  EXPECT_EQ(fading["then"]["required"], nlohmann::json({"tau_rec"}));
  EXPECT_EQ(fading["then"]["properties"]["tau_rec"]["type"], nlohmann::json({"number", "string"}));
  const auto& rule = projection["properties"]["rule"]["anyOf"];
  EXPECT_EQ(rule[0]["enum"][2], "pairwise_bernoulli");
  EXPECT_EQ(rule[1]["allOf"][2]["then"]["required"], nlohmann::json({"p"}));
  // Parameters stand beside the name of a rule, but not beside a map.
  EXPECT_EQ(projection["allOf"][2]["then"]["required"], nlohmann::json({"p"}));
  const auto& in_a_map = projection["allOf"].back();
  EXPECT_EQ(in_a_map["if"]["properties"]["rule"]["type"], "object");
  EXPECT_EQ(in_a_map["then"]["propertyNames"]["enum"].size(), 8u);
}

TEST(ConfigProjections, SynapsesAreDescribed) {
  EXPECT_THAT(describe(test::small_catalogue()), HasSubstr("\n\nSynapses (projections: synapse)\n  static "));
  EXPECT_THAT(describe(test::small_catalogue(), "fading"), HasSubstr("fading: synapse\n  The fading\n"));
  EXPECT_THAT(describe(test::small_catalogue(), "fading"), Not(HasSubstr("Keys")));
}

}  // namespace
}  // namespace ranvier
