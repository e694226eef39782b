#include "io/files/background.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <stdexcept>
#include <vector>

namespace ranvier {
namespace {

TEST(Background, DoesJobsInOrderBesideItsOwner) {
  Background background;
  std::promise<void> go;
  std::vector<int> done;
  background.start([&] {
    go.get_future().wait();  // would never end if start() waited for it
    done.push_back(1);
  });
  background.start([&] { done.push_back(2); });
  go.set_value();
  background.finish();
  EXPECT_EQ(done, (std::vector<int>{1, 2}));
}

TEST(Background, AnErrorComesOutOnceAndStopsWhatFollows) {
  Background background;
  bool later = false;
  background.start([] { throw std::runtime_error("no"); });
  background.start([&] { later = true; });
  EXPECT_THROW(background.finish(), std::runtime_error);
  EXPECT_FALSE(later);
  background.start([&] { later = true; });
  EXPECT_NO_THROW(background.finish());
  EXPECT_TRUE(later);
}

TEST(Background, EndsAfterTheJobThatIsBeingDone) {
  std::promise<void> begun;
  bool first = false, second = false;
  {
    Background background;
    background.start([&] {
      begun.set_value();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      first = true;
    });
    background.start([&] { second = true; });
    begun.get_future().wait();
  }
  EXPECT_TRUE(first);
  EXPECT_FALSE(second);
  Background().finish();
}

}  // namespace
}  // namespace ranvier
