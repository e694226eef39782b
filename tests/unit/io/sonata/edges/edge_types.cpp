#include "io/sonata/edges/edge_types.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "core/base/error.hpp"
#include "tests/support/scratch.hpp"

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

struct EdgeTypesTest : ::testing::Test {
  testing::ScratchFolder folder;
  EdgeTypes read(const std::string& text) const {
    std::ofstream(folder / "types.csv") << text;
    return EdgeTypes::read(folder / "types.csv");
  }
};

TEST_F(EdgeTypesTest, AreFoundById) {
  const EdgeTypes types = read(
      "edge_type_id syn_weight nsyns delay model_template weight_function\n"
      "7 1.5 3 NULL static_synapse wmax\n-2 NULL NULL 2.5 NULL NULL\n");
  ASSERT_NE(types.find(7), nullptr);
  EXPECT_EQ(types.find(7)->weight, 1.5);
  EXPECT_EQ(types.find(7)->nsyns, 3.0);
  EXPECT_EQ(types.find(7)->delay, std::nullopt);
  EXPECT_EQ(types.find(7)->refused, "");
  ASSERT_NE(types.find(-2), nullptr);
  EXPECT_EQ(types.find(-2)->delay, 2.5);
  EXPECT_EQ(types.find(3), nullptr);
  EXPECT_TRUE(types.matter(true, false, false, false));
  EXPECT_FALSE(types.matter(false, false, false, false));
}

TEST_F(EdgeTypesTest, OthersThanStaticSynapsesAreNamed) {
  const EdgeTypes types = read(
      "edge_type_id model_template weight_function\n"
      "1 stdp_synapse NULL\n2 static_synapse DirectionRule\n");
  EXPECT_EQ(types.find(1)->refused, "model_template 'stdp_synapse' ('" + folder.path() +
                                        "/types.csv', line 2); only static_synapse can be "
                                        "simulated");
  EXPECT_EQ(types.find(2)->refused,
            "weight_function 'DirectionRule' ('" + folder.path() + "/types.csv', line 3); weights must be numbers");
  EXPECT_TRUE(types.matter(false, false, false, false));
}

TEST_F(EdgeTypesTest, ReceptorTypesAreSigns) {
  const EdgeTypes types = read("edge_type_id receptor_type\n1 excitatory\n2 inhibitory\n3 0\n4 NULL\n5 AMPA\n");
  EXPECT_EQ(types.find(1)->sign, 1);
  EXPECT_EQ(types.find(2)->sign, -1);
  for (const int id : {3, 4}) EXPECT_EQ(types.find(id)->sign, 0);
  for (const int id : {1, 2, 3, 4}) EXPECT_EQ(types.find(id)->refused, "");
  EXPECT_EQ(types.find(5)->refused,
            "receptor_type 'AMPA' ('" + folder.path() +
                "/types.csv', line 6); expected excitatory, inhibitory or 0, which leaves it to "
                "the sign of the weight");
  EXPECT_TRUE(read("edge_type_id receptor_type\n2 inhibitory\n").matter(false, false, false, true));
  EXPECT_FALSE(read("edge_type_id receptor_type\n3 0\n").matter(false, false, false, true));
}

TEST_F(EdgeTypesTest, WrongTables) {
  const std::string at = "'" + folder.path() + "/types.csv'";
  EXPECT_EQ(problem([&] { read("a b\n1 2\n"); }),
            at + ", line 2: there is no edge_type_id; a table of edge types is expected");
  EXPECT_EQ(problem([&] { read("edge_type_id\n5\n6\n5\n"); }), at + " lists edge_type_id 5 twice");
  EXPECT_EQ(problem([&] { read("edge_type_id nsyns\n5 -1\n"); }), at + ", line 2: nsyns: must be at least 0, got -1");
}

}  // namespace
}  // namespace ranvier
