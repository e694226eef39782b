#pragma once
#include <gtest/gtest.h>

#include <memory>

#include "comm/mpi/communicator.hpp"

namespace ranvier::testing {

/// MPI for all tests of a program that includes this: it can be started only once in a process.
class MpiEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    static int argc = 0;
    static char** argv = nullptr;
    session_ = std::make_unique<MpiSession>(argc, argv);
  }
  void TearDown() override { session_.reset(); }

 private:
  std::unique_ptr<MpiSession> session_;
};

inline ::testing::Environment* const mpi_environment = ::testing::AddGlobalTestEnvironment(new MpiEnvironment);

}  // namespace ranvier::testing
