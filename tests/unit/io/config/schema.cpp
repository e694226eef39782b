#include "io/config/schema.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/io/config/small_catalogue.hpp"

namespace ranvier {
namespace {

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

}  // namespace
}  // namespace ranvier
