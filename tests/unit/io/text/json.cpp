#include "io/text/json.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace ranvier::sonata {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string json_error(const std::string& text) {
  try {
    parse_json(text, "c.json");
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

std::string place_of(const YamlNode& node) { return fmt::format("{}:{}", node.place.line, node.place.column); }

TEST(SonataJson, values_and_their_places) {
  const YamlNode root = parse_json(
      "{\n  \"run\": {\"tstop\": 1.5e3, \"dt\":0.1},\n  \"sets\": [ -1, true,\n    null, \"a\\u00e9\\/\"]\n}\n",
      "c.json");
  ASSERT_THAT(root.keys(), ElementsAre("run", "sets"));
  const YamlNode& run = *root.find("run");
  EXPECT_EQ(run.find("tstop")->text, "1.5e3");
  EXPECT_EQ(place_of(*run.find("tstop")), "2:20");
  EXPECT_EQ(place_of(*run.find("dt")), "2:32");
  EXPECT_EQ(place_of(root.entries[1].value), "3:11");
  const auto& sets = root.find("sets")->items;
  ASSERT_EQ(sets.size(), 4u);
  EXPECT_EQ(sets[0].text, "-1");
  EXPECT_EQ(place_of(sets[0]), "3:13");
  EXPECT_EQ(sets[1].text, "true");
  EXPECT_FALSE(sets[1].quoted);
  EXPECT_TRUE(sets[2].is_null());
  EXPECT_EQ(sets[3].text, "a\u00e9/");
  EXPECT_TRUE(sets[3].quoted);
  EXPECT_EQ(place_of(sets[3]), "4:11");
  EXPECT_EQ(place_of(root.entries[1].value.items[2]), "4:5");
}

TEST(SonataJson, is_strict) {
  EXPECT_EQ(json_error("{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2}}"), "c.json:1:24: the key 'c' is given twice");
  EXPECT_THAT(json_error("{\n\"a\": 1\n} x"), StartsWith("c.json:3:3: not valid JSON ("));
  EXPECT_THAT(json_error("{\n  // a comment\n  \"a\": 1}"), StartsWith("c.json:2:3: not valid JSON ("));
  EXPECT_THAT(json_error("{\"a\": 1,}"), StartsWith("c.json:1:9: not valid JSON ("));
  EXPECT_THAT(json_error("{\"a\": NaN}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(json_error("{\"a\": 01}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(json_error("{\"a\": \"\xFF\"}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(json_error(""), StartsWith("c.json:1:1: not valid JSON ("));
  EXPECT_EQ(json_error("{\"a\": 1e999}"), "c.json:1:7: 1e999 is too large");
  EXPECT_EQ(json_error(std::string(33, '[') + std::string(33, ']')), "c.json:1:33: nested more than 32 deep");
  EXPECT_EQ(json_error(std::string(32, '[') + std::string(32, ']')), "no error");
  // Neither depth nor what is left open costs more than the text.
  EXPECT_EQ(json_error(std::string(1'000'000, '[')), "c.json:1:33: nested more than 32 deep");
}

}  // namespace
}  // namespace ranvier::sonata
