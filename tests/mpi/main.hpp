#pragma once
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

#include "comm/mpi/communicator.hpp"

namespace ranvier::testing {

/// The communicator of the test program; set by run_mpi_tests.
inline const Communicator* world = nullptr;

/// Prints failures of every rank with its number, and everything else on rank 0 only.
class RankPrinter : public ::testing::EmptyTestEventListener {
  void OnTestPartResult(const ::testing::TestPartResult& result) override {
    if (result.failed())
      std::fprintf(stderr, "rank %d: %s:%d: %s\n", world->rank().value, result.file_name(), result.line_number(),
                   result.summary());
  }
};

/// The main of a test program that runs under mpirun. All ranks fail where one does.
inline int run_mpi_tests(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  MpiSession session(argc, argv);
  const auto comm = Communicator::world();
  world = &comm;
  auto& listeners = ::testing::UnitTest::GetInstance()->listeners();
  if (!comm.is_root()) {
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new RankPrinter);
  }
  const int failed = RUN_ALL_TESTS();
  return comm.max(failed);
}

}  // namespace ranvier::testing
