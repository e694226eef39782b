#include "core/base/memory.hpp"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace ranvier {
namespace {

constexpr const char* advice =
    "; use more ranks or nodes, or single precision; 'ranvier validate --ranks N' foretells the memory per rank";

struct TooLarge : std::bad_alloc {
  const char* what() const noexcept override { return "8 GB for weights"; }
};

TEST(WhatFailed, SaysWhatWasAskedForWhereThatIsKnown) {
  EXPECT_EQ(what_failed(std::bad_alloc()), std::string("out of memory") + advice);
  EXPECT_EQ(what_failed(TooLarge()), std::string("out of memory (8 GB for weights)") + advice);
  // As Kokkos reports a view that does not fit.
  const std::runtime_error view(
      "Kokkos failed to allocate memory for label \"weights\".  Allocation of size 7.451 G failed.\n");
  EXPECT_EQ(what_failed(view), std::string("out of memory (Kokkos failed to allocate memory for label \"weights\".  "
                                           "Allocation of size 7.451 G failed)") +
                                   advice);
  EXPECT_EQ(what_failed(std::runtime_error("disk is full")), "disk is full");
}

}  // namespace
}  // namespace ranvier
