#include "tests/cli/bad_configs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/session/session.hpp"
#include "io/config/reader.hpp"

namespace ranvier {
namespace {

const Catalogue& everything() {
  static const Catalogue all = Session().catalogue();
  return all;
}

std::string message(const std::string& text, const std::vector<std::string>& set = {}) {
  try {
    parse_config(text, "config.yaml", "", everything(), set);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(BadConfigs, TheTable) {
  const auto cases = test::read_bad_configs(RANVIER_BAD_CONFIGS);
  ASSERT_GE(cases.size(), 130u);
  EXPECT_EQ(message(cases[0].text), "no error");
  for (std::size_t i = 1; i < cases.size(); ++i)
    EXPECT_EQ(message(cases[i].text, cases[i].set), cases[i].message) << cases[i].title;
}

constexpr const char* head = "simulation: {duration: 1}\npopulations: {a: {size: 1, model: lif}}\n";

TEST(BadConfigs, BytesThatAreNoText) {
  EXPECT_EQ(message("name: caf\xE9\n"), "config.yaml:1:10: the config is not UTF-8 text (byte 0xe9)");
  EXPECT_EQ(message("\xFF\xFE"
                    "n\0a\0"),
            "config.yaml:1:1: the config is not UTF-8 text (byte 0xff)");
  EXPECT_EQ(message("a: \xC0\xAF\n"), "config.yaml:1:4: the config is not UTF-8 text (byte 0xc0)");
  EXPECT_EQ(message("a: \xED\xA0\x80\n"), "config.yaml:1:4: the config is not UTF-8 text (byte 0xed)");
  EXPECT_EQ(message(std::string("a: 1\nb: \0\n", 10)), "config.yaml:2:4: control character 0x00");
  EXPECT_EQ(message("a: 1\n\x04 b: 2\n"), "config.yaml:2:1: control character 0x04");
}

TEST(BadConfigs, TextThatIsTooLarge) {
  EXPECT_EQ(message(repeated("[", 10'000'000)),
            "config.yaml:1:1: the config is larger than 4 MB; put large data into HDF5");
  EXPECT_EQ(message(repeated("[", 3'900'000)), "config.yaml:1:65: more than 64 brackets are open");
  EXPECT_EQ(message(repeated("{a: ", 900'000)), "config.yaml:1:257: more than 64 brackets are open");
  EXPECT_EQ(message(repeated("- ", 1'900'000)), "config.yaml:1:65: nested more than 32 deep");
  // What a message quotes is cut.
  EXPECT_LT(message("name: " + std::string(3'000'000, 'x')).size(), 1000u);
}

TEST(BadConfigs, MistakesWithoutNumber) {
  const std::string text =
      message(head + std::string("projections:\n") + repeated("  - {source: x, target: y}\n", 100'000));
  EXPECT_THAT(text, testing::HasSubstr("config.yaml:4:5: 'rule' is missing in a projection"));
  EXPECT_THAT(text, testing::EndsWith("config.yaml: there may be more errors; these are the first 100"));
  EXPECT_LT(text.size(), 20'000u);
}

TEST(BadConfigs, ChainsOfVariables) {
  std::string text = "variables:\n";
  for (int i = 0; i < 60'000; ++i) text += "  v" + std::to_string(i) + ": v" + std::to_string(i + 1) + " + 1\n";
  EXPECT_THAT(message(text + "  v60000: 1\n" + head),
              testing::HasSubstr("variables refer to each other more than 50 deep"));
}

TEST(BadConfigs, PopulationsThatMultiply) {
  std::string text = "simulation: {duration: 1}\npopulations:\n  a: {size: 1, model: lif, receptors: {";
  for (int i = 0; i < 20'000; ++i) text += "r" + std::to_string(i) + ": {model: delta}, ";
  text += "}}\n";
  for (int i = 0; i < 50'000; ++i) text += "  p" + std::to_string(i) + ": {like: a}\n";
  EXPECT_EQ(message(text), "config.yaml:3:3: like: the populations grow beyond 2000000 entries");
}

TEST(BadConfigs, ProjectionsThatMultiply) {
  std::string text = "simulation: {duration: 1}\npopulations:\n", names;
  for (int i = 0; i < 2'000; ++i) {
    text += "  p" + std::to_string(i) + ": {size: 1, model: iaf_psc_delta}\n";
    names += (i ? ", p" : "p") + std::to_string(i);
  }
  text += "projections:\n  - {source: [" + names + "], target: [" + names + "], rule: all_to_all}\n";
  EXPECT_EQ(message(text), "config.yaml:2004:5: more than 200000 projections in all");
}

}  // namespace
}  // namespace ranvier
