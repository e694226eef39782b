#include "core/base/units.hpp"

#include <array>
#include <charconv>
#include <cstdlib>

#include "core/base/suggest.hpp"

namespace ranvier {
namespace {

struct Base {
  std::string_view symbol;
  Dimension dimension;
  double scale;
  std::string_view prefixes;  ///< those in use; '-' stands for none
};

constexpr Dimension time_dimension{.time = 1};

/// The order matters to "did you mean": of equally near units the first is offered.
constexpr std::array bases{
    Base{"s", time_dimension, 1.0, "m-unp"},
    Base{"V", {.voltage = 1}, 1.0, "m-unk"},
    Base{"A", {.current = 1}, 1.0, "pnum-f"},
    Base{"S", {.voltage = -1, .current = 1}, 1.0, "num-pf"},
    Base{"F", {.time = 1, .voltage = -1, .current = 1}, 1.0, "pnum-f"},
    Base{"Ohm", {.voltage = 1, .current = -1}, 1.0, "Mk-Gm"},
    Base{"Hz", {.time = -1}, 1.0, "-kMm"},
    Base{"m", {.length = 1}, 1.0, "umc-nk"},
    Base{"M", {.length = -3, .amount = 1}, 1e3, "mun-"},
    Base{"mol", {.amount = 1}, 1.0, "mun-pf"},
    Base{"C", {.time = 1, .current = 1}, 1.0, "pnumf"},
    Base{"min", time_dimension, 60.0, "-"},
    Base{"h", time_dimension, 3600.0, "-"},
};

double prefix_scale(char prefix) {
  switch (prefix) {
    case 'f': return 1e-15;
    case 'p': return 1e-12;
    case 'n': return 1e-9;
    case 'u': return 1e-6;
    case 'm': return 1e-3;
    case 'c': return 1e-2;
    case 'k': return 1e3;
    case 'M': return 1e6;
    case 'G': return 1e9;
    default: return 1.0;
  }
}

/// Both Unicode micro signs become 'u', both Unicode ohm signs "Ohm".
std::string to_ascii(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto starts = [&](std::string_view s) { return text.substr(i, s.size()) == s; };
    if (starts("\xC2\xB5") || starts("\xCE\xBC")) {
      out += 'u';
      i += 2;
    } else if (starts("\xCE\xA9") || starts("\xE2\x84\xA6")) {
      out += "Ohm";
      i += text[i] == '\xCE' ? 2 : 3;
    } else {
      out += text[i++];
    }
  }
  return out;
}

std::optional<ParsedUnit> parse_symbol(std::string_view symbol) {
  for (const auto& base : bases) {
    if (!symbol.ends_with(base.symbol)) continue;
    const std::string_view prefix = symbol.substr(0, symbol.size() - base.symbol.size());
    const char wanted = prefix.empty() ? '-' : prefix[0];
    if (prefix.size() <= 1 && base.prefixes.find(wanted) != std::string_view::npos)
      return ParsedUnit{base.dimension, base.scale * prefix_scale(wanted)};
  }
  return std::nullopt;
}

constexpr int largest_exponent = 9;

/// Multiplies `unit` by `factor` to the power `exponent`; false where exponents leave what a dimension can hold.
bool multiply(ParsedUnit& unit, const ParsedUnit& factor, int exponent) {
  const auto into = [&](std::int8_t& total, std::int8_t part) {
    const int sum = total + part * exponent;
    total = static_cast<std::int8_t>(sum);
    return sum >= -100 && sum <= 100;
  };
  unit.scale *= std::pow(factor.scale, exponent);
  auto& d = unit.dimension;
  const auto& f = factor.dimension;
  return into(d.time, f.time) && into(d.voltage, f.voltage) && into(d.current, f.current) && into(d.length, f.length) &&
         into(d.amount, f.amount);
}

/// One factor such as `cm2`, `um^2`, `ms^-1` or `1`, to the power `sign`.
bool parse_factor(std::string_view text, int sign, ParsedUnit& unit) {
  if (text == "1") return true;
  std::size_t letters = 0;
  while (letters < text.size() && ((text[letters] | 0x20) >= 'a' && (text[letters] | 0x20) <= 'z')) ++letters;
  const auto symbol = parse_symbol(text.substr(0, letters));
  if (!symbol) return false;
  std::string_view power = text.substr(letters);
  if (power.empty()) return multiply(unit, *symbol, sign);
  if (power.front() == '^') power.remove_prefix(1);
  int exponent = 0;
  const auto [end, error] = std::from_chars(power.data(), power.data() + power.size(), exponent);
  if (error != std::errc{} || end != power.data() + power.size()) return false;
  if (exponent == 0 || std::abs(exponent) > largest_exponent) return false;
  return multiply(unit, *symbol, sign * exponent);
}

struct Named {
  Dimension dimension;
  std::string_view name;
};

constexpr std::array names{
    Named{{}, "plain number"},
    Named{{.time = 1}, "time"},
    Named{{.voltage = 1}, "voltage"},
    Named{{.current = 1}, "current"},
    Named{{.voltage = -1, .current = 1}, "conductance"},
    Named{{.time = 1, .voltage = -1, .current = 1}, "capacitance"},
    Named{{.voltage = 1, .current = -1}, "resistance"},
    Named{{.time = -1}, "frequency"},
    Named{{.length = 1}, "length"},
    Named{{.length = 2}, "area"},
    Named{{.length = 3}, "volume"},
    Named{{.time = 1, .current = 1}, "charge"},
    Named{{.amount = 1}, "amount of substance"},
    Named{{.length = -3, .amount = 1}, "concentration"},
    Named{{.time = -1, .voltage = 1}, "voltage per time"},
    Named{{.time = -1, .current = 1}, "current per time"},
    Named{{.current = 1, .length = -2}, "current density"},
    Named{{.voltage = -1, .current = 1, .length = -2}, "conductance density"},
    Named{{.time = 1, .voltage = -1, .current = 1, .length = -2}, "capacitance density"},
};

}  // namespace

std::string dimension_name(const Dimension& dimension) {
  for (const auto& n : names)
    if (n.dimension == dimension) return std::string(n.name);
  std::string above, below;
  const auto add = [&](int exponent, std::string_view symbol) {
    if (exponent == 0) return;
    std::string& side = exponent > 0 ? above : below;
    if (!side.empty()) side += ' ';
    side += symbol;
    if (std::abs(exponent) != 1) side += "^" + std::to_string(std::abs(exponent));
  };
  add(dimension.time, "s");
  add(dimension.voltage, "V");
  add(dimension.current, "A");
  add(dimension.length, "m");
  add(dimension.amount, "mol");
  if (below.empty()) return above;
  if (below.find(' ') != std::string::npos) below = "(" + below + ")";
  return (above.empty() ? "1" : above) + "/" + below;
}

std::optional<ParsedUnit> parse_unit(std::string_view given) {
  constexpr std::size_t longest = 64;
  if (given.size() > longest) return std::nullopt;
  const std::string ascii = to_ascii(given);
  std::string_view text = ascii;
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  ParsedUnit unit;
  int sign = 1;
  while (!text.empty()) {
    const auto end = text.find_first_of("*/");
    std::string_view factor = text.substr(0, end);
    while (!factor.empty() && factor.front() == ' ') factor.remove_prefix(1);
    while (!factor.empty() && factor.back() == ' ') factor.remove_suffix(1);
    if (!parse_factor(factor, sign, unit)) return std::nullopt;
    if (end == std::string_view::npos) return unit;
    sign = text[end] == '/' ? -1 : 1;
    text.remove_prefix(end + 1);
    if (text.empty()) return std::nullopt;
  }
  return unit;
}

std::string nearest_unit(std::string_view text) {
  static const std::vector<std::string> symbols = [] {
    std::vector<std::string> all;
    for (const auto& base : bases)
      for (const char prefix : base.prefixes)
        all.push_back((prefix == '-' ? "" : std::string(1, prefix)) + std::string(base.symbol));
    return all;
  }();
  return nearest(to_ascii(text), symbols);
}

}  // namespace ranvier
