#include "core/base/printable.hpp"

#include <fmt/format.h>

namespace ranvier {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t i) {
  const auto follows = [&](std::size_t k) { return (byte_at(text, i + k) & 0xC0) == 0x80; };
  const unsigned first = byte_at(text, i), second = byte_at(text, i + 1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0, surrogate = first == 0xED && second >= 0xA0;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && second < 0x90, too_large = first == 0xF4 && second >= 0x90;
    return follows(1) && follows(2) && follows(3) && !overlong && !too_large ? 4 : 0;
  }
  return 0;
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const unsigned first = byte_at(text, i);
    const std::size_t length = utf8_length(text, i);
    const bool control = (first < 0x20 && first != '\n' && first != '\t') || first == 0x7F;
    // U+0080 to U+009F: terminals take them for the start of commands.
    const bool also_control = first == 0xC2 && byte_at(text, i + 1) < 0xA0;
    if (length == 0 || control || also_control)
      for (std::size_t k = 0; k < (length == 0 ? 1 : length); ++k)
        out += fmt::format("\\x{:02x}", byte_at(text, i + k));
    else
      out += text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
  return out;
}

}  // namespace ranvier
