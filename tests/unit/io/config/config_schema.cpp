#include "io/config/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "io/config/describe.hpp"
#include "tests/unit/io/config/config_catalogue.hpp"

namespace ranvier {
namespace {

using testing::HasSubstr;

TEST(ConfigSchema, FollowsTheCatalogue) {
  const auto schema = nlohmann::json::parse(json_schema(test::small_catalogue()));
  EXPECT_EQ(schema["$schema"], "http://json-schema.org/draft-07/schema#");
  EXPECT_EQ(schema["required"], nlohmann::json({"simulation", "populations"}));
  EXPECT_FALSE(schema["additionalProperties"].get<bool>());
  const auto& populations = schema["properties"]["populations"]["additionalProperties"];
  EXPECT_EQ(populations["if"]["required"], nlohmann::json({"sonata"}));
  EXPECT_TRUE(populations["then"]["properties"].contains("template"));
  const auto& population = populations["else"];
  EXPECT_EQ(population["properties"]["model"]["enum"],
            nlohmann::json({"lif", "iaf_psc_delta", "parrot", "spike_times", "poisson"}));
  const auto& condition = population["allOf"][0];
  EXPECT_EQ(condition["if"]["properties"]["model"]["const"], "lif");
  EXPECT_EQ(condition["then"]["properties"]["params"]["properties"]["C_m"]["description"],
            "the C_m; in pF unless a unit is given; above 0 pF; 250 pF by default");
  const auto& projection = schema["properties"]["projections"]["items"];
  EXPECT_TRUE(projection["properties"].contains("indegree"));
  EXPECT_EQ(projection["allOf"][2]["then"]["required"], nlohmann::json({"p"}));
}

TEST(ConfigDescribe, ListsEveryModelByKind) {
  const std::string text = describe(test::small_catalogue());
  EXPECT_THAT(text, HasSubstr("Neurons (populations: model)\n  lif                 The lif\n"));
  EXPECT_THAT(text,
              HasSubstr("\n\nReceptors (populations: receptors: model)\n  exponential         The exponential\n"));
  for (const auto& model : test::small_catalogue().models) EXPECT_THAT(text, HasSubstr("  " + model.name + " "));
}

TEST(ConfigDescribe, TellsAllAboutOne) {
  EXPECT_EQ(describe(test::small_catalogue(), "lif"), R"(lif: neuron
  The lif

Equations
  C_m dV_m/dt = -g_L (V_m - E_L) + I_e

Parameters
  name     unit  default  allowed
  C_m      pF    250      above 0     the C_m
  g_L      nS    16.6667  above 0     the g_L
  E_L      mV    -70                  the E_L
  V_th     mV    -55                  the V_th
  V_reset  mV    -60                  the V_reset
  t_ref    ms    2        at least 0  the t_ref
  I_e      pA    0                    the I_e

States
  name  unit  default  allowed
  V_m   mV    -70               the V_m

Constraints
  V_reset < V_th

Receptors
  any, listed under 'receptors' of the population
  conductances in nS, currents in pA

Source
  Lapicque 1907
)");
}

TEST(ConfigDescribe, OneNameMayStandForSeveralThings) {
  const std::string text = describe(test::small_catalogue(), "poisson");
  EXPECT_THAT(text, HasSubstr("poisson: source of spikes\n"));
  EXPECT_THAT(text, HasSubstr("poisson: input\n"));
}

TEST(ConfigDescribe, UnknownName) {
  try {
    describe(test::small_catalogue(), "lfi");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "unknown model, receptor, input, rule or synapse 'lfi'. Did you mean 'lif'?");
  }
}

}  // namespace
}  // namespace ranvier
