#include <algorithm>
#include <charconv>

#include "io/config/values.hpp"

namespace ranvier {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> parse_id(std::string_view text) {
  text = trimmed(text);
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return id;
}

/// Reads "0-9, 15" into inclusive ranges; says what is wrong by throwing the offending piece.
struct BadIds {
  std::string piece;
};

void parse_ids(std::string_view text, IdRanges& ranges) {
  for (;;) {
    const auto comma = text.find(',');
    const std::string_view piece = trimmed(text.substr(0, comma));
    const auto dash = piece.find('-');
    const auto first = parse_id(piece.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_id(piece.substr(dash + 1));
    if (!first || !last || *last < *first) throw BadIds{std::string(piece)};
    ranges.emplace_back(*first, *last);
    if (comma == std::string_view::npos) return;
    text.remove_prefix(comma + 1);
  }
}

/// Sorted, half-open, neighbours joined.
IdRanges joined(IdRanges inclusive) {
  std::sort(inclusive.begin(), inclusive.end());
  IdRanges ranges;
  for (const auto& [first, last] : inclusive) {
    if (!ranges.empty() && first <= ranges.back().second)
      ranges.back().second = std::max(ranges.back().second, last + 1);
    else
      ranges.emplace_back(first, last + 1);
  }
  return ranges;
}

}  // namespace

std::optional<IdRanges> read_ids(Context& context, const YamlNode& node, const std::string& name, std::uint64_t size) {
  IdRanges inclusive;
  const auto parse = [&](const YamlNode& item) {
    const std::string text = item.is_scalar() ? item.text : "";
    try {
      parse_ids(text, inclusive);
    } catch (const BadIds& bad) {
      const std::string got = item.is_scalar() ? "'" + bad.piece + "'" : what_is(item);
      context.error(item.place, "{}: expected ids such as \"0-9, 15\", got {}", name, got);
      return false;
    }
    return true;
  };
  bool good = true;
  if (node.is_list())
    for (const auto& item : node.items) good = parse(item) && good;
  else
    good = parse(node);
  if (!good) return std::nullopt;
  if (inclusive.empty()) {
    context.error(node.place, "{}: the list is empty; leave it out for all neurons", name);
    return std::nullopt;
  }
  for (const auto& [first, last] : inclusive) {
    if (last < size) continue;
    context.error(node.place, "{}: {} is not below the size of the population, {}", name, last, size);
    return std::nullopt;
  }
  return joined(std::move(inclusive));
}

}  // namespace ranvier
