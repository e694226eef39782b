#pragma once
#include <exception>
#include <string>

namespace ranvier {

/// What an exception says, for people. Where memory ran out, that is what was asked for, as far as whoever asked says it (Kokkos tells
/// label and size, the standard library nothing), and what to do about it. The text is the same on all ranks that fail alike.
std::string what_failed(const std::exception& error);

}  // namespace ranvier
