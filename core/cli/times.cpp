#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "core/cli/arguments.hpp"

namespace ranvier::cli {
namespace {

/// Reads a non-negative finite number from the front of `text` and moves past it.
std::optional<double> take_number(std::string_view& text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value) || std::signbit(value)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

double parse_walltime_s(const std::string& text) {
  const auto wrong = [&] {
    return UsageError(
        fmt::format("--max-walltime: '{}' is not a duration; write HH:MM:SS, D-HH:MM:SS or seconds", text));
  };
  std::string_view rest = text;
  double days = 0.0;
  if (const auto dash = rest.find('-'); dash != std::string_view::npos && dash > 0) {
    const auto value = take_number(rest);
    if (!value || rest.empty() || rest.front() != '-') throw wrong();
    days = *value;
    rest.remove_prefix(1);
  }
  double seconds = 0.0;
  for (int part = 0;; ++part) {
    const auto value = take_number(rest);
    if (!value || part > 2 || (part > 0 && *value >= 60.0)) throw wrong();
    seconds = 60.0 * seconds + *value;
    if (rest.empty()) break;
    if (rest.front() != ':') throw wrong();
    rest.remove_prefix(1);
  }
  seconds += 86400.0 * days;
  if (seconds <= 0.0) throw wrong();
  return seconds;
}

double parse_time_ms(const std::string& text, const std::string& option) {
  const auto wrong = [&](const std::string& why) {
    return UsageError(
        fmt::format("{}: '{}' is not a time{}; write a number and a unit, such as '500 ms'", option, text, why));
  };
  std::string_view rest = text;
  const auto value = take_number(rest);
  if (!value) throw wrong("");
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  if (rest.empty()) return *value;
  const auto parsed = parse_unit(rest);
  if (!parsed || parsed->dimension != unit::ms.dimension)
    throw wrong(fmt::format(" ('{}' is not a unit of time)", rest));
  return *value * (parsed->scale / unit::ms.scale);
}

}  // namespace ranvier::cli
