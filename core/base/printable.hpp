#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace ranvier {

/// The text for a terminal: names and values from files are quoted in what is printed, and a file may hold anything.
/// Control characters, but for ends of lines and tabulators, and bytes that are no UTF-8 become `\xNN`.
std::string printable(std::string_view text);

/// Length of the UTF-8 sequence at `i`, or 0 where there is none (overlong forms and surrogates included).
std::size_t utf8_length(std::string_view text, std::size_t i);

}  // namespace ranvier
