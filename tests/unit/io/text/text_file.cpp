#include "io/text/text_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base/error.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TextFile, replaces_in_one_step_and_leaves_nothing_behind) {
  const testing::ScratchFolder folder;
  write_text_file(folder / "a", "old");
  write_text_file(folder / "a", "new");
  EXPECT_EQ(text_of(folder / "a"), "new");
  EXPECT_FALSE(std::filesystem::exists(folder / "a.part"));
  try {
    write_text_file(folder / "no/a", "x");
    ADD_FAILURE();
  } catch (const RuntimeError& e) {
    EXPECT_EQ(e.what(), "cannot write '" + (folder / "no/a") + "' (No such file or directory)");
  }
}

}  // namespace
}  // namespace ranvier
