#include "io/config/values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <unordered_set>

#include "io/config/distributions.hpp"
#include "io/config/grammar.hpp"

namespace ranvier {
namespace {

/// Doubles hold whole numbers exactly up to here.
constexpr double largest_whole = 9007199254740992.0;  // 2^53

/// "conductance (nS)", "plain number".
std::string wanted(const Unit& unit) {
  const std::string name = with_article(unit.dimension);
  return unit.symbol.empty() ? name : fmt::format("{} ({})", name, unit.symbol);
}

bool expect_scalar(Context& context, const YamlNode& node, const std::string& name, std::string_view what) {
  if (node.is_scalar() && !node.text.empty()) return true;
  const std::string got = node.is_scalar() ? "empty text" : what_is(node);
  context.error(node.place, "{}: expected {}, got {}", name, what, got);
  return false;
}

bool is_number_with_unit(const Quantity& q, const Unit& unit) { return q.is_plain() || q.dimension == unit.dimension; }

}  // namespace

std::string with_unit(double value, const Unit& unit) {
  return unit.symbol.empty() ? fmt::format("{}", value) : fmt::format("{} {}", value, unit.symbol);
}

std::string describe(const Range& range, const Unit& unit) {
  const bool below = std::isfinite(range.min), above = std::isfinite(range.max);
  if (below && above && !range.open_min && !range.open_max)
    return fmt::format("from {} to {}", range.min, with_unit(range.max, unit));
  std::string text;
  if (below) text = fmt::format("{} {}", range.open_min ? "above" : "at least", with_unit(range.min, unit));
  if (below && above) text += " and ";
  if (above) text += fmt::format("{} {}", range.open_max ? "below" : "at most", with_unit(range.max, unit));
  return text.empty() ? "any" : text;
}

std::optional<double> read_number(Context& context, const YamlNode& node, const Expected& expected) {
  if (!expect_scalar(context, node, expected.name, wanted(expected.unit))) return std::nullopt;
  const auto q = context.variables.evaluate(node, expected.name);
  if (!q) return std::nullopt;
  if (!is_number_with_unit(*q, expected.unit)) {
    context.error(node.place, "{}: expected {}, got {} ({})", expected.name, wanted(expected.unit), node.text,
                  with_article(q->dimension));
    return std::nullopt;
  }
  const double value = q->is_plain() ? plain_number(*q, expected.name) : in_unit(*q, expected.unit);
  if (!std::isfinite(value)) {
    context.error(node.place, "{}: {} is not a finite number", expected.name, node.text);
    return std::nullopt;
  }
  if (!expected.range.contains(value)) {
    context.error(node.place, "{}: must be {}, got {}", expected.name, describe(expected.range, expected.unit),
                  with_unit(value, expected.unit));
    return std::nullopt;
  }
  return value;
}

std::optional<std::uint64_t> read_count(Context& context, const YamlNode& node, const Expected& expected) {
  Expected number = expected;
  number.unit = unit::one;
  number.range = range::any;
  const auto value = read_number(context, node, number);
  if (!value) return std::nullopt;
  // The result of 0.8 * 10 may miss 8 by a rounding error; 8.1 may not pass for 8.
  constexpr double rounding = 1e-9;
  const double whole = std::round(*value);
  if (std::abs(*value - whole) > rounding * std::max(1.0, std::abs(whole))) {
    const std::string got = fmt::format("{}", *value);
    if (got == node.text)
      context.error(node.place, "{}: must be a whole number, got {}", expected.name, got);
    else
      context.error(node.place, "{}: must be a whole number, but {} is {}; use round(), floor() or ceil()",
                    expected.name, node.text, got);
    return std::nullopt;
  }
  Range allowed = expected.range;
  allowed.min = std::max(allowed.min, 0.0);
  allowed.max = std::min(allowed.max, largest_whole);
  if (!allowed.contains(whole)) {
    context.error(node.place, "{}: must be {}, got {}", expected.name, describe(allowed, unit::one), whole);
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(whole);
}

std::optional<std::uint64_t> read_seed(Context& context, const YamlNode& node, const std::string& name) {
  if (!expect_scalar(context, node, name, "a whole number from 0 to 2^64 - 1")) return std::nullopt;
  // A double cannot hold every seed: plain digits are read as they are.
  const std::string& text = node.text;
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits && (text.size() == 1 || text[0] != '0')) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{}) return value;
  } else {
    const auto value = read_number(context, node, {name});
    if (!value) return std::nullopt;
    if (*value >= 0.0 && *value <= largest_whole && *value == std::round(*value))
      return static_cast<std::uint64_t>(*value);
  }
  context.error(node.place, "{}: must be a whole number from 0 to 2^64 - 1, got {}", name, text);
  return std::nullopt;
}

std::optional<bool> read_flag(Context& context, const YamlNode& node, const std::string& name) {
  if (node.is_scalar() && node.text == "true") return true;
  if (node.is_scalar() && node.text == "false") return false;
  context.error(node.place, "{}: expected true or false, got {}", name, what_is(node));
  return std::nullopt;
}

bool is_dataset(const YamlNode& node) {
  return node.is_map() && node.entries.size() == 1 && node.entries[0].key == grammar::hdf5.name;
}

namespace {

/// Absolute, so that the resolved config means the same file wherever it is written.
std::optional<std::string> existing_file(Context& context, const Place& place, const std::string& name,
                                         const std::string& given) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path file = fs::absolute(fs::path(context.directory) / given, ignored).lexically_normal();
  if (fs::is_regular_file(file, ignored)) return file.string();
  context.error(place, "{}: no file '{}' (relative paths start at the folder of the config)", name, given);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> read_file_name(Context& context, const YamlNode& node, const std::string& name) {
  const auto text = read_text(context, node, name);
  return text ? existing_file(context, node.place, name, *text) : std::nullopt;
}

std::optional<Dataset> read_dataset(Context& context, const YamlNode& node, const std::string& name) {
  const YamlNode& text = node.entries[0].value;
  const auto expect = "\"file.h5:/path/in/the/file\"";
  if (!expect_scalar(context, text, fmt::format("{}: {}", name, grammar::hdf5.name), expect)) return std::nullopt;
  const auto split = text.text.rfind(":/");
  if (split == std::string::npos || split == 0 || split + 2 == text.text.size()) {
    context.error(text.place, "{}: {}: expected {}, got '{}'", name, grammar::hdf5.name, expect, text.text);
    return std::nullopt;
  }
  const auto file = existing_file(context, text.place, name, text.text.substr(0, split));
  if (!file) return std::nullopt;
  return Dataset{*file, text.text.substr(split + 1), 1.0};
}

std::optional<Value> read_value(Context& context, const YamlNode& node, const Expected& expected) {
  if (node.is_list()) {
    const bool one = expected.form == Form::constant;
    context.error(node.place, "{}: expected {}, got a list{}", expected.name, wanted(expected.unit),
                  one ? fmt::format("; it must be one number for {}", expected.of)
                      : "; write numbers for each into an HDF5 file and give {hdf5: \"file.h5:/path\"}");
    return std::nullopt;
  }
  if (!node.is_map()) {
    const auto number = read_number(context, node, expected);
    return number ? std::optional<Value>(*number) : std::nullopt;
  }
  if (expected.form == Form::constant) {
    context.error(node.place, "{}: must be one number for {}, got a map", expected.name, expected.of);
    return std::nullopt;
  }
  if (is_dataset(node)) {
    const auto dataset = read_dataset(context, node, expected.name);
    return dataset ? std::optional<Value>(*dataset) : std::nullopt;
  }
  if (node.entries.size() != 1) {
    context.error(node.place, "{}: expected a number or one distribution such as {{normal: {{mean: .., std: ..}}}}",
                  expected.name);
    return std::nullopt;
  }
  const auto distribution = read_distribution(context, node.entries[0], expected);
  return distribution ? std::optional<Value>(*distribution) : std::nullopt;
}

std::optional<std::vector<double>> read_series(Context& context, const YamlNode& node, const Expected& expected) {
  if (!node.is_list()) {
    context.error(node.place, "{}: expected a list of numbers, got {}", expected.name, what_is(node));
    return std::nullopt;
  }
  std::vector<double> all;
  bool good = true;
  for (const auto& item : node.items) {
    const auto number = read_number(context, item, expected);
    if (number) all.push_back(*number);
    good = good && number.has_value();
  }
  return good ? std::optional(std::move(all)) : std::nullopt;
}

std::optional<std::string> read_text(Context& context, const YamlNode& node, const std::string& name) {
  if (!expect_scalar(context, node, name, "text")) return std::nullopt;
  if (std::none_of(node.text.begin(), node.text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    return node.text;
  context.error(node.place, "{}: control characters are not allowed", name);
  return std::nullopt;
}

std::optional<std::string> read_choice(Context& context, const YamlNode& node, const std::string& name,
                                       const std::string& what, const std::vector<std::string>& choices) {
  if (!expect_scalar(context, node, name, "the name of a " + what)) return std::nullopt;
  if (std::find(choices.begin(), choices.end(), node.text) != choices.end()) return node.text;
  const std::string hint = hint_for(node.text, choices);
  context.error(node.place, "{}: unknown {} '{}'{}", name, what, node.text,
                hint.empty() ? "; 'ranvier describe' lists all" : hint);
  return std::nullopt;
}

std::vector<std::pair<std::string, Place>> read_names(Context& context, const YamlNode& node, const std::string& name) {
  std::vector<std::pair<std::string, Place>> names;
  std::unordered_set<std::string> seen;
  const auto add = [&](const YamlNode& item) {
    if (!expect_scalar(context, item, name, "a name")) return;
    if (seen.insert(item.text).second)
      names.emplace_back(item.text, item.place);
    else
      context.error(item.place, "{}: '{}' is listed twice", name, item.text);
  };
  if (node.is_list())
    for (const auto& item : node.items) add(item);
  else if (expect_scalar(context, node, name, "a name or a list of names"))
    add(node);
  return names;
}

bool on_grid(double time, double dt) {
  constexpr double tolerance = 1e-6, ulp = 2.3e-16;
  const double steps = time / dt;
  return std::abs(steps - std::round(steps)) <= tolerance + 2.0 * ulp * std::abs(steps);
}

}  // namespace ranvier
