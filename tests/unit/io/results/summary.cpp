#include "io/results/summary.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/recording_network.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier {
namespace {

TEST(Summary, holds_the_run_and_its_provenance) {
  const testing::ScratchFolder folder;
  write_summary(folder.path(), {{"name", "a\xff"}, {"spikes", 12}}, testing::test_provenance(2));
  const auto json = nlohmann::json::parse(std::ifstream(folder / "summary.json"));
  EXPECT_EQ(json["spikes"], 12);
  EXPECT_EQ(json["provenance"]["ranks"], 2);
  EXPECT_EQ(json["name"], "a\uFFFD");  // what is not UTF-8 is replaced
}

}  // namespace
}  // namespace ranvier
