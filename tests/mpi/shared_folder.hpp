#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "tests/mpi/main.hpp"
#include "tests/support/scratch.hpp"

namespace ranvier::testing {

/// A folder of one test's own that all ranks see. Making and removing it is collective.
class SharedFolder {
 public:
  SharedFolder() {
    if (world->is_root()) folder_.emplace();
    path_ = world->broadcast(folder_ ? folder_->path() : std::string());
  }
  SharedFolder(const SharedFolder&) = delete;
  SharedFolder& operator=(const SharedFolder&) = delete;
  ~SharedFolder() { world->barrier(); }
  const std::string& path() const { return path_; }

 private:
  std::optional<ScratchFolder> folder_;
  std::string path_;
};

/// A test with such a folder.
struct SharedFolderTest : ::testing::Test {
  void TearDown() override { world->barrier(); }

  SharedFolder shared;
  std::filesystem::path folder = shared.path();
  int rank = world->rank().value, ranks = world->size();
};

}  // namespace ranvier::testing
