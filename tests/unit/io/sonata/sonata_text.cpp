// The text files of SONATA circuits, by hand.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "io/files/file_facts.hpp"
#include "io/sonata/base/types_by_id.hpp"
#include "io/sonata/nodes/templates.hpp"
#include "io/sonata/recordings/spike_input.hpp"
#include "io/text/csv.hpp"
#include "io/text/json.hpp"
#include "kernels/factories/models.hpp"

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
  EXPECT_EQ(json_error("{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2}}"), "c.json:1:24: the key 'c' is there twice");
  EXPECT_THAT(json_error("{\n\"a\": 1\n} x"), StartsWith("c.json:3:3: no JSON ("));
  EXPECT_THAT(json_error("{\n  // a comment\n  \"a\": 1}"), StartsWith("c.json:2:3: no JSON ("));
  EXPECT_THAT(json_error("{\"a\": 1,}"), StartsWith("c.json:1:9: no JSON ("));
  EXPECT_THAT(json_error("{\"a\": NaN}"), HasSubstr("no JSON"));
  EXPECT_THAT(json_error("{\"a\": 01}"), HasSubstr("no JSON"));
  EXPECT_THAT(json_error("{\"a\": \"\xFF\"}"), HasSubstr("no JSON"));
  EXPECT_THAT(json_error(""), StartsWith("c.json:1:1: no JSON ("));
  EXPECT_EQ(json_error("{\"a\": 1e999}"), "c.json:1:7: 1e999 is too large");
  EXPECT_EQ(json_error(std::string(33, '[') + std::string(33, ']')), "c.json:1:33: nested more than 32 deep");
  EXPECT_EQ(json_error(std::string(32, '[') + std::string(32, ']')), "no error");
  // Neither depth nor what is left open costs more than the text.
  EXPECT_EQ(json_error(std::string(1'000'000, '[')), "c.json:1:33: nested more than 32 deep");
}

std::string types_error(const std::string& text) {
  try {
    TypesById(text, "t.csv", "node_type_id", "v1");
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(SonataTypes, rows_of_other_populations_do_not_count) {
  const TypesById types("node_type_id population name\n1 v1 a\n1 lgn b\n-2 NULL c\n3 lgn NULL\n", "t.csv",
                        "node_type_id", "lgn");
  EXPECT_THAT(types.ids(), ElementsAre(-2, 1, 3));
  EXPECT_EQ(*types.find(1, "name"), "b");
  EXPECT_EQ(*types.find(-2, "name"), "c");
  EXPECT_EQ(types.find(3, "name"), nullptr);
  EXPECT_EQ(types.find(1, "ei"), nullptr);
  EXPECT_EQ(types.find(4, "name"), nullptr);
}

TEST(SonataTypes, mistakes_have_lines) {
  EXPECT_EQ(types_error("id name\n"), "'t.csv' has no column 'node_type_id'");
  EXPECT_EQ(types_error("node_type_id a\n1 2\n\n1 3\n"), "'t.csv', line 4: node_type_id 1 is there twice");
  EXPECT_EQ(types_error("node_type_id a\n1.5 b\n"),
            "'t.csv', line 2: node_type_id: expected a whole number, got '1.5'");
  EXPECT_EQ(types_error("node_type_id a\nNULL b\n"), "'t.csv', line 2: there is no node_type_id");
}

std::vector<std::vector<std::string>> lines_of(const std::string& text) {
  CsvLines csv(text, "s.csv");
  std::vector<std::vector<std::string>> lines(1);
  while (csv.next(lines.back())) lines.emplace_back();
  lines.pop_back();
  return lines;
}

std::string csv_error(const std::string& text) {
  try {
    lines_of(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(SonataCsv, fields_and_quotes) {
  EXPECT_THAT(lines_of("timestamps  population node_ids\t\n1.5 \"a \"\"b\"\" c\" 3\r\n\n  x   \n"),
              ElementsAre(ElementsAre("timestamps", "population", "node_ids"), ElementsAre("1.5", "a \"b\" c", "3"),
                          ElementsAre("x")));
  EXPECT_EQ(csv_error("a\n1 \"b\n"), "s.csv:2: a quote is not closed");
  EXPECT_EQ(csv_error("a\n1 \"b\"c\n"), "s.csv:2: a closing quote must be followed by a space");
  EXPECT_THAT(csv_error(std::string("a\n1 \0\n", 7)), HasSubstr("control characters"));
}

TEST(SonataSpikes, count_at_the_end_of_their_step) {
  EXPECT_EQ(step_at_or_after(0.3, 0.1), 3);
  EXPECT_EQ(step_at_or_after(0.301, 0.1), 4);
  // Rounded to a microsecond first.
  EXPECT_EQ(step_at_or_after(0.3004, 0.1), 3);
  EXPECT_EQ(step_at_or_after(0.3006, 0.1), 4);
  EXPECT_EQ(step_at_or_after(1234.5, 0.1), 12345);
  EXPECT_EQ(step_at_or_after(2.0, 0.25), 8);
  EXPECT_EQ(step_at_or_after(2.01, 0.25), 9);
  EXPECT_EQ(step_at_or_after(0.007, 0.001), 7);
  EXPECT_EQ(step_at_or_after(0.0, 0.1), 0);
  // Every time on the grid of 0.1 ms is its own step.
  for (Step step = 0; step < 100'000; ++step) ASSERT_EQ(step_at_or_after(static_cast<double>(step) * 0.1, 0.1), step);
}

/// Every name of the table is there in the models that are built in.
TEST(SonataTemplates, name_models_fields_and_states_that_exist) {
  Registry models;
  add_models(models);
  for (const std::string& name : template_names()) {
    const NodeTemplate& t = *find_template(name);
    EXPECT_EQ(find_template(t.name), &t);
    const ModelInfo& model = models.population(std::string(t.model)).info;
    for (const TemplateField& field : t.fields) {
      if (field.part == Part::only || field.part == Part::unused) continue;
      const bool of_receptor = field.part == Part::excitatory || field.part == Part::inhibitory;
      const ModelInfo& owner = of_receptor ? models.receptor(std::string(t.receptor)).info : model;
      const FieldInfo* info = owner.find(field.ours);
      ASSERT_NE(info, nullptr) << name << " " << field.ours;
      EXPECT_TRUE(info->range.contains(field.value)) << name << " " << field.nest;
      EXPECT_EQ(info->role, field.part == Part::state ? Role::state : Role::parameter) << name << " " << field.nest;
    }
    EXPECT_EQ(t.receptor.empty() ? ReceptorPolicy::own : ReceptorPolicy::composed, model.receptors) << name;
    for (const Recordable& r : t.recordables) {
      const bool of_receptor = r.ours.find('.') != std::string_view::npos;
      EXPECT_TRUE(of_receptor || model.find(r.ours) != nullptr) << name << " " << r.ours;
    }
  }
  EXPECT_EQ(find_template("nest:glif_psc"), nullptr);
  EXPECT_EQ(find_template("nrn:IntFire1"), nullptr);
}

TEST(FileFactsTest, what_one_rank_finds_out_others_know) {
  FileFacts facts;
  int reads = 0;
  const auto read = [&] {
    ++reads;
    return std::string("a\0b", 3);
  };
  EXPECT_EQ(facts.get("x", read), std::string("a\0b", 3));
  facts.get("empty", [] { return std::string(); });
  FileFacts known(facts.packed());
  EXPECT_EQ(known.get("x", read), std::string("a\0b", 3));
  EXPECT_EQ(known.get("empty", read), "");
  EXPECT_EQ(reads, 1);
}

}  // namespace
}  // namespace ranvier::sonata
