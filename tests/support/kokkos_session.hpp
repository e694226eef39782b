#pragma once
#include <gtest/gtest.h>

#include <Kokkos_Core.hpp>

namespace ranvier::testing {

/// Kokkos for the tests of a program that has no MPI.
class KokkosSession : public ::testing::Environment {
 public:
  void SetUp() override { Kokkos::initialize(); }
  void TearDown() override { Kokkos::finalize(); }
};

[[maybe_unused]] inline const auto* const kokkos = ::testing::AddGlobalTestEnvironment(new KokkosSession);

}  // namespace ranvier::testing
