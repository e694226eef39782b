#pragma once
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace ranvier {

/// A thread that does jobs one after the other, beside the thread that owns this object. A job may not use MPI, which belongs
/// to the owner, nor HDF5, unless the owner leaves it alone until finish(). It owns all memory that it touches until the
/// owner has called finish().
class Background {
 public:
  Background() = default;
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  /// Waits for the job that is being done; forgets those that have not begun.
  ~Background();

  /// Returns at once. Jobs that follow one that failed are not done.
  void start(std::function<void()> job);
  /// Waits for all jobs. Throws what the first one that failed has thrown, and is then as new.
  void finish();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;  ///< the first of them is being done
  std::exception_ptr error_;
  bool ends_ = false;
  std::thread thread_;  ///< from the first job on
};

}  // namespace ranvier
