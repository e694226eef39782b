#include "io/text/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace ranvier::sonata {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

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

}  // namespace
}  // namespace ranvier::sonata
