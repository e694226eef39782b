#include "io/files/file_facts.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ranvier {
namespace {

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
}  // namespace ranvier
