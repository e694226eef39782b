#include "io/sonata/base/type_table.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

std::string problem(const std::function<void()>& action) {
  try {
    action();
  } catch (const RuntimeError& error) {
    return error.what();
  }
  return "";
}

TEST(TypeTable, QuotesSpacesAndNothing) {
  const auto table = TypeTable::parse(
      "edge_type_id target_query syn_weight delay params\r\n"
      "100 \"pop=='LIF exc' & \"\"x\"\"\" -1.5e-1 NULL \"\"\r\n"
      "\n"
      "  \n"
      "-7 \"\" +2  file.json\n",
      "t.csv");
  ASSERT_EQ(table.rows(), 2u);
  EXPECT_EQ(table.columns(),
            (std::vector<std::string>{"edge_type_id", "target_query", "syn_weight", "delay", "params"}));
  EXPECT_EQ(table.whole(0, "edge_type_id"), 100);
  EXPECT_EQ(table.whole(1, "edge_type_id"), -7);
  EXPECT_EQ(table.text(0, "target_query"), "pop=='LIF exc' & \"x\"");
  EXPECT_EQ(table.text(1, "target_query"), "");  // quoted: an empty text, not nothing
  EXPECT_EQ(table.number(0, "syn_weight"), -0.15);
  EXPECT_EQ(table.number(1, "syn_weight"), 2.0);
  EXPECT_EQ(table.number(0, "delay"), std::nullopt);
  EXPECT_EQ(table.number(1, "delay"), std::nullopt);
  EXPECT_EQ(table.number(1, "no such column"), std::nullopt);
  EXPECT_EQ(table.place(1), "'t.csv', line 5");
}

TEST(TypeTable, ValuesAtTheEndOfALineMayBeAbsent) {
  const auto table = TypeTable::parse("a b c  \n1 2 3\n1 2 \n1  \n", "t.csv");
  EXPECT_EQ(table.columns().size(), 3u);
  EXPECT_EQ(table.number(0, "c"), 3.0);
  EXPECT_EQ(table.number(1, "c"), std::nullopt);
  EXPECT_EQ(table.number(1, "b"), 2.0);
  EXPECT_EQ(table.number(2, "b"), std::nullopt);
}

TEST(TypeTable, ColumnsMayBeAligned) {
  const auto table = TypeTable::parse("a    bc  d\n1    2   3\n  10 20  30\n1  3\n", "t.csv");
  EXPECT_EQ(table.columns(), (std::vector<std::string>{"a", "bc", "d"}));
  EXPECT_EQ(table.number(0, "bc"), 2.0);
  EXPECT_EQ(table.number(1, "d"), 30.0);
  // Where the number of values is right, nothing stands between two spaces.
  EXPECT_EQ(table.number(2, "bc"), std::nullopt);
  EXPECT_EQ(table.number(2, "d"), 3.0);
}

TEST(TypeTable, WhatIsNoTable) {
  const auto parse = [](const char* text) { return problem([&] { TypeTable::parse(text, "t.csv"); }); };
  EXPECT_EQ(parse(""), "'t.csv' is empty; a table of types is expected");
  EXPECT_EQ(parse(" \n\n"), "'t.csv' is empty; a table of types is expected");
  EXPECT_EQ(parse("a b\n1 \"2\n"), "'t.csv', line 2: a quote is left open");
  EXPECT_EQ(parse("a b\n1\n"), "'t.csv', line 2: 1 values for 2 columns (one space separates them)");
  EXPECT_EQ(parse("a b\n1 2\n1 2 3\n"), "'t.csv', line 3: 3 values for 2 columns (one space separates them)");
  EXPECT_EQ(parse("a b a\n"), "'t.csv', line 1: column 'a' is given twice");
  std::string many = "c0";
  for (int i = 1; i <= 1000; ++i) many += " c" + std::to_string(i);
  EXPECT_EQ(parse(many.c_str()), "'t.csv', line 1: more than 1000 columns");
  const auto table = TypeTable::parse("a b\n1.5 inf\nx 1e999\n", "t.csv");
  EXPECT_EQ(problem([&] { table.whole(0, "a"); }), "'t.csv', line 2: a: expected a whole number, got '1.5'");
  EXPECT_EQ(problem([&] { table.number(0, "b"); }), "'t.csv', line 2: b: expected a number, got 'inf'");
  EXPECT_EQ(problem([&] { table.number(1, "a"); }), "'t.csv', line 3: a: expected a number, got 'x'");
  EXPECT_EQ(problem([&] { table.number(1, "b"); }), "'t.csv', line 3: b: expected a number, got '1e999'");
}

}  // namespace
}  // namespace ranvier
