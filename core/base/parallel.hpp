#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

#include "core/base/expect.hpp"

/// Work shared out among threads that live no longer than the call. What is computed must not depend on their number.
namespace ranvier {

/// Calls `work(thread)` for each thread in [0, threads), the last of them in the calling thread. All have ended when it
/// returns; where some threw, the exception of the one with the lowest number is thrown on.
template <class Work>
void run_threads(int threads, Work&& work) {
  RANVIER_EXPECT(threads >= 1);
  std::vector<std::exception_ptr> errors(static_cast<std::size_t>(threads));
  const auto guarded = [&](int thread) {
    try {
      work(thread);
    } catch (...) {
      errors[static_cast<std::size_t>(thread)] = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  others.reserve(static_cast<std::size_t>(threads - 1));
  int started = 0;
  try {
    for (; started + 1 < threads; ++started) others.emplace_back(guarded, started);
  } catch (const std::system_error&) {
    // The system gives no more threads: the caller does what is left.
  }
  for (int thread = started; thread < threads; ++thread) guarded(thread);
  for (std::thread& other : others) other.join();
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}

/// Cuts [0, count) into consecutive ranges, one for each thread, and calls `work(range, begin, end)` for each that is not
/// empty.
template <class Work>
void parallel_ranges(int threads, std::uint64_t count, Work&& work) {
  const auto parts = static_cast<std::uint64_t>(threads);
  const auto cut = [&](std::uint64_t part) { return count / parts * part + std::min(part, count % parts); };
  run_threads(static_cast<int>(std::clamp<std::uint64_t>(count, 1, parts)), [&](int thread) {
    const auto part = static_cast<std::uint64_t>(thread);
    if (cut(part) < cut(part + 1)) work(thread, cut(part), cut(part + 1));
  });
}

/// Calls `work(item)` for each item in [0, count): a thread takes the next when it is done with one.
template <class Work>
void parallel_items(int threads, std::uint64_t count, Work&& work) {
  std::atomic<std::uint64_t> next{0};
  run_threads(static_cast<int>(std::clamp<std::uint64_t>(count, 1, static_cast<std::uint64_t>(threads))), [&](int) {
    for (std::uint64_t item = next++; item < count; item = next++) work(item);
  });
}

}  // namespace ranvier
