#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "io/config/describe.hpp"
#include "io/config/populations.hpp"
#include "io/config/reader.hpp"
#include "tests/unit/io/config/small_catalogue.hpp"

/// Weights, states of receptors and currents are in the units of the neuron that they act on.
namespace ranvier {
namespace {

using testing::HasSubstr;

/// With a membrane per area and one without units besides the small catalogue's.
Catalogue catalogue() {
  Catalogue all = test::small_catalogue();
  ModelInfo density = test::named("density", ModelKind::neuron, {test::state("V_m", unit::mV, -65.0)});
  density.receptors = ReceptorPolicy::composed;
  density.current_unit = unit::uA_per_cm2;
  density.conductance_unit = unit::mS_per_cm2;
  ModelInfo plain = test::named("plain", ModelKind::neuron, {test::state("V_m", unit::one, 0.0)});
  plain.receptors = ReceptorPolicy::composed;
  plain.current_unit = plain.conductance_unit = unit::one;
  all.models.push_back(density);
  all.models.push_back(plain);
  return all;
}

/// A target `n` of the model, onto whose receptors `receptor` the population `s` projects with the weight.
std::string config(const std::string& model, const std::string& receptor, const std::string& weight) {
  constexpr const char* text = R"(
simulation: {{duration: 1, dt: 0.1}}
populations:
  s: {{size: 2, model: poisson, params: {{rate: 8}}}}
  n:
    size: 2
    model: {}
    receptors: {{g: {{model: exponential, E_rev: {}}}, i: {{model: exponential}}, d: {{model: delta}}}}
projections:
  - {{source: s, target: n, receptor: {}, rule: all_to_all, weight: {}}}
)";
  return fmt::format(text, model, model == "plain" ? "2" : "-70 mV", receptor, weight);
}

Config parse(const std::string& text) { return parse_config(text, "test.yaml", "", catalogue(), {}); }

std::string errors(const std::string& text) {
  try {
    parse(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

double weight(const std::string& model, const std::string& receptor, const std::string& text) {
  return std::get<double>(parse(config(model, receptor, text)).projections[0].weight);
}

TEST(ConfigUnits, WeightsOntoDensitiesAreDensities) {
  EXPECT_EQ(weight("density", "g", "0.25 mS/cm2"), 0.25);
  EXPECT_DOUBLE_EQ(weight("density", "g", "2.5 S/m^2"), 0.25);  // 1 S/m2 is 0.1 mS/cm2
  EXPECT_EQ(weight("density", "g", "0.25"), 0.25);
  EXPECT_EQ(weight("density", "i", "3 uA/cm2"), 3.0);
  EXPECT_EQ(weight("density", "d", "1 mV"), 1.0);
  EXPECT_THAT(errors(config("density", "g", "6 nS")),
              HasSubstr("weight: expected a conductance density (mS/cm2), got 6 nS (a conductance)"));
  EXPECT_THAT(errors(config("density", "i", "6 pA")),
              HasSubstr("weight: expected a current density (uA/cm2), got 6 pA (a current)"));
  EXPECT_THAT(errors(config("density", "g", "-1 mS/cm2")), HasSubstr("must not be negative, got -1 mS/cm2"));
}

TEST(ConfigUnits, WeightsOntoPlainNumbersArePlain) {
  for (const char* receptor : {"g", "i", "d"}) {
    EXPECT_EQ(weight("plain", receptor, "0.5"), 0.5);
    EXPECT_THAT(errors(config("plain", receptor, "6 nS")),
                HasSubstr("weight: expected a plain number, got 6 nS (a conductance)"));
  }
}

TEST(ConfigUnits, WeightsOntoOtherNeuronsAreAsEver) {
  EXPECT_EQ(weight("lif", "g", "0.25 nS"), 0.25);
  EXPECT_THAT(errors(config("lif", "i", "1 uA/cm2")),
              HasSubstr("weight: expected a current (pA), got 1 uA/cm2 (a current density)"));
}

std::string with_input(const std::string& model, const std::string& input) {
  return fmt::format("{}inputs:\n  - {{target: n, {}}}\n", config(model, "i", "1"), input);
}

TEST(ConfigUnits, CurrentsAreThoseOfTheTarget) {
  const auto amplitude = [](const std::string& model, const std::string& text) {
    return std::get<double>(parse(with_input(model, "type: dc, amplitude: " + text)).inputs[0].params[0].second);
  };
  EXPECT_EQ(amplitude("density", "1.5 uA/cm2"), 1.5);
  EXPECT_EQ(amplitude("plain", "1.5"), 1.5);
  EXPECT_EQ(amplitude("lif", "1.5 nA"), 1500.0);
  EXPECT_THAT(errors(with_input("density", "type: dc, amplitude: 1 pA")),
              HasSubstr("amplitude: expected a current density (uA/cm2), got 1 pA (a current)"));
  EXPECT_THAT(errors(with_input("plain", "type: dc, amplitude: 1 pA")),
              HasSubstr("amplitude: expected a plain number, got 1 pA (a current)"));
  EXPECT_THAT(errors(with_input("density", "type: step_current, times: [0], amplitudes: [1 pA]")),
              HasSubstr("amplitudes: expected a current density (uA/cm2), got 1 pA (a current)"));
  const Config spikes = parse(with_input("plain", "type: poisson, receptor: g, rate: 8, weight: 0.5"));
  EXPECT_EQ(std::get<double>(spikes.inputs[0].params[1].second), 0.5);
}

/// run.yaml must read back as the same config, weights without a unit included.
TEST(ConfigUnits, ResolvedConfigsReadBack) {
  for (const char* model : {"lif", "density", "plain"}) {
    const Config once = parse(with_input(model, "type: poisson, receptor: g, rate: 8, weight: 0.5"));
    const Config twice = parse(once.resolved_yaml);
    EXPECT_EQ(once.resolved_yaml, twice.resolved_yaml);
    EXPECT_EQ(std::get<double>(twice.projections[0].weight), 1.0);
  }
  EXPECT_THAT(parse(with_input("density", "type: dc, amplitude: 2")).resolved_yaml, HasSubstr("amplitude: 2 uA/cm2"));
  EXPECT_THAT(parse(config("density", "g", "2")).resolved_yaml, HasSubstr("weight: 2 mS/cm2"));
}

TEST(ConfigUnits, StatesOfReceptors) {
  const Catalogue all = catalogue();
  const auto unit_of = [&](const char* neuron, const char* state) {
    const Config c = parse(config(neuron, "g", "1"));
    const ModelInfo& model = *all.find(ModelKind::neuron, neuron);
    return with_receptor_states(model, c.populations[1].receptors, all).find(state)->unit.symbol;
  };
  EXPECT_EQ(unit_of("lif", "g.g"), "nS");
  EXPECT_EQ(unit_of("lif", "i.g"), "pA");
  EXPECT_EQ(unit_of("density", "g.g"), "mS/cm2");
  EXPECT_EQ(unit_of("density", "i.g"), "uA/cm2");
  EXPECT_EQ(unit_of("plain", "g.g"), "");
}

TEST(ConfigUnits, AreDescribed) {
  EXPECT_THAT(describe(catalogue(), "density"), HasSubstr("conductances in mS/cm2, currents in uA/cm2"));
  EXPECT_THAT(describe(catalogue(), "plain"), HasSubstr("conductances in plain numbers, currents in plain numbers"));
  EXPECT_THAT(describe(catalogue(), "dc"), HasSubstr("the units of the neuron"));
}

}  // namespace
}  // namespace ranvier
