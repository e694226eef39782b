#include "io/sonata/base/types_by_id.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace ranvier::sonata {
namespace {

using ::testing::ElementsAre;

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
  EXPECT_EQ(types_error("node_type_id a\n1 2\n\n1 3\n"), "'t.csv', line 4: node_type_id 1 is given twice");
  EXPECT_EQ(types_error("node_type_id a\n1.5 b\n"),
            "'t.csv', line 2: node_type_id: expected a whole number, got '1.5'");
  EXPECT_EQ(types_error("node_type_id a\nNULL b\n"), "'t.csv', line 2: there is no node_type_id");
}

}  // namespace
}  // namespace ranvier::sonata
