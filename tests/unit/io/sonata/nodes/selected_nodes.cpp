#include "io/sonata/nodes/selected_nodes.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/base/id_set.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sonata_edges.hpp"

namespace ranvier {
namespace {

struct SelectedNodes : ::testing::Test {
  testing::ScratchFolder folder;
  NodesConfig nodes;
  std::vector<std::int64_t> types, ids;

  void SetUp() override {
    nodes = {folder / "nodes.h5", "cortex", 200, {5, 9}};
    for (std::int64_t i = 0; i < 200; ++i) types.push_back(i % 3 == 0 ? 5 : i % 7 == 0 ? 9 : 1);
  }
  std::vector<std::uint64_t> selected(int part, int parts) const {
    auto file = hdf5::File::create(nodes.file);
    testing::write_list(file, "/nodes/cortex/node_type_id", types);
    if (!ids.empty()) testing::write_list(file, "/nodes/cortex/node_id", ids);
    file.close();
    return selected_nodes(nodes, part, parts);
  }
};

TEST_F(SelectedNodes, AreThoseOfTheTypes) {
  const IdSet set(selected(0, 1));
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < 200; ++i) {
    const bool wanted = i % 3 == 0 || i % 7 == 0;
    ASSERT_EQ(set.contains(i), wanted);
    if (wanted) {
      ASSERT_EQ(set.index(i), count);
      ++count;
    }
  }
  EXPECT_EQ(set.size(), count);
}

TEST_F(SelectedNodes, OfPartsAddUp) {
  const auto all = selected(0, 1);
  std::vector<std::uint64_t> sum(all.size(), 0);
  for (int part = 0; part < 3; ++part) {
    const auto words = selected(part, 3);
    for (std::size_t w = 0; w < words.size(); ++w) sum[w] += words[w];
  }
  EXPECT_EQ(sum, all);
}

TEST_F(SelectedNodes, InTheOrderOfTheirIds) {
  for (std::int64_t i = 0; i < 200; ++i) ids.push_back(199 - i);
  const IdSet set(selected(0, 1));
  EXPECT_TRUE(set.contains(199));  // the first row
  EXPECT_TRUE(set.contains(192));  // row 7
  EXPECT_FALSE(set.contains(198));
}

TEST_F(SelectedNodes, WrongFiles) {
  ids.assign(200, 0);
  ids[3] = 200;
  EXPECT_THROW(selected(0, 1), UsageError);
  ids[3] = -1;
  EXPECT_THROW(selected(0, 1), UsageError);
  ids.clear();
  types.pop_back();
  EXPECT_THROW(selected(0, 1), UsageError);
  nodes.population = "cerebellum";
  EXPECT_THROW(selected(0, 1), RuntimeError);
}

}  // namespace
}  // namespace ranvier
