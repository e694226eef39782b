#include "io/files/guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

using ::testing::HasSubstr;

template <class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const RuntimeError& e) {
    return e.what();
  }
  return "(no error)";
}

TEST(Guard, crashes_and_hangs_of_the_child_are_errors_of_the_parent) {
  EXPECT_EQ(guard::run("x", [] { return std::string("fine"); }), "fine");
  EXPECT_THAT(message_of([] { guard::run("cannot read 'x'", [] { return std::raise(SIGSEGV), std::string(); }); }),
              HasSubstr("cannot read 'x' (the HDF5 library crashed on it"));
  EXPECT_EQ(message_of([] {
              guard::run(
                  "cannot read 'x'", [] { return pause(), std::string(); }, 0.2);
            }),
            "cannot read 'x' (no progress in 0.2 s); the file is damaged");
  EXPECT_EQ(message_of([] { guard::run("x", []() -> std::string { throw RuntimeError("its own words"); }); }),
            "its own words");
  // Work that goes on is left alone, however long it takes.
  const auto slow = [] {
    for (int i = 0; i < 5; ++i) {
      usleep(100000);
      guard::progress();
    }
    return std::string("slow");
  };
  EXPECT_EQ(guard::run("x", slow, 0.3), "slow");
}

}  // namespace
}  // namespace ranvier
