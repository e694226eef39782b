#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

/// What every fuzzing target defines and what ends one: libFuzzer, or replay.cpp, calls it with one input after the other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,  // NOLINT(readability-identifier-naming)
                                      std::size_t size);

namespace ranvier::fuzz {

/// Ends the process where `holds` is false: to the fuzzer that is a crash.
inline void require(bool holds, const std::string& what, const std::string& details = "") {
  if (holds) return;
  std::fprintf(stderr, "%s\n%s\n", what.c_str(), details.c_str());
  std::abort();
}

}  // namespace ranvier::fuzz
