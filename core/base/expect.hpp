#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

/// Contracts between functions. They are checked where RANVIER_CHECK_CONTRACTS is defined (the CMake option of that name,
/// which the presets `check`, `debug`, `asan` and `fuzz` turn on); elsewhere they cost nothing and the condition is not
/// evaluated. A contract that is broken is a bug of Ranvier, never a mistake in a config or a file: those are RuntimeError
/// and UsageError (core/base/error.hpp) and are always checked.
///
///     RANVIER_EXPECT(delay >= 1);                        // at the top of a function: what its callers must see to
///     RANVIER_ENSURE(slot < slots);                      // before it returns: what it promises
///     const auto count = narrow<std::uint32_t>(share.count());
///
/// On a device the macros do nothing, so that functions for both sides may state contracts. A loop over lanes must hold
/// none: a check is a branch, which keeps the compiler from vectorising the loop. Check before the loop, by table, tile
/// or interval.
namespace ranvier {

/// Throws std::logic_error with the place, the condition and, under a launcher, the rank.
[[noreturn]] void contract_failed(const char* kind, const char* condition, const char* file, int line,
                                  const char* function);
[[noreturn]] void narrowing_failed(std::int64_t value, bool to_signed, int to_bits, const char* file, int line,
                                   const char* function);
[[noreturn]] void narrowing_failed(std::uint64_t value, bool to_signed, int to_bits, const char* file, int line,
                                   const char* function);

}  // namespace ranvier

#if defined(RANVIER_CHECK_CONTRACTS) && !defined(__CUDA_ARCH__) && !defined(__HIP_DEVICE_COMPILE__) && \
    !defined(__SYCL_DEVICE_ONLY__)
#define RANVIER_CONTRACTS_CHECKED_HERE
#define RANVIER_CONTRACT(kind, ...) \
  ((__VA_ARGS__) ? static_cast<void>(0) : ::ranvier::contract_failed(kind, #__VA_ARGS__, __FILE__, __LINE__, __func__))
#else
// The condition is compiled, so that it cannot rot and its variables count as used.
#define RANVIER_CONTRACT(kind, ...) static_cast<void>(sizeof((__VA_ARGS__) ? 1 : 0))
#endif

/// What the caller must have seen to.
#define RANVIER_EXPECT(...) RANVIER_CONTRACT("precondition", __VA_ARGS__)
/// What this function promises.
#define RANVIER_ENSURE(...) RANVIER_CONTRACT("postcondition", __VA_ARGS__)

namespace ranvier {

/// An integer in a type that must be able to hold it. The last three arguments are the place of the call.
template <std::integral To, std::integral From>
constexpr To narrow(From value, [[maybe_unused]] const char* file = __builtin_FILE(),
                    [[maybe_unused]] int line = __builtin_LINE(),
                    [[maybe_unused]] const char* function = __builtin_FUNCTION()) {
#ifdef RANVIER_CONTRACTS_CHECKED_HERE
  if (!std::in_range<To>(value)) {
    using Widest = std::conditional_t<std::is_signed_v<From>, std::int64_t, std::uint64_t>;
    narrowing_failed(Widest{value}, std::is_signed_v<To>, static_cast<int>(8 * sizeof(To)), file, line, function);
  }
#endif
  return static_cast<To>(value);
}

#undef RANVIER_CONTRACTS_CHECKED_HERE

}  // namespace ranvier
