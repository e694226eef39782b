#include "core/base/suggest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ranvier {
namespace {

TEST(Suggest, EditDistance) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("wieght", "weight"), 1u);  // neighbours swapped
  EXPECT_EQ(edit_distance("V_TH", "V_th"), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
}

TEST(Suggest, Nearest) {
  const std::vector<std::string> known{"C_m", "E_L", "V_th", "V_reset", "t_ref"};
  EXPECT_EQ(nearest("C_mm", known), "C_m");
  EXPECT_EQ(nearest("v_th", known), "V_th");
  EXPECT_EQ(nearest("threshold", known), "");
  EXPECT_EQ(nearest("x", known), "");
  EXPECT_EQ(did_you_mean("Vreset", known), " Did you mean 'V_reset'?");
}

}  // namespace
}  // namespace ranvier
