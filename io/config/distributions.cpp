#include "io/config/distributions.hpp"

#include <algorithm>
#include <cmath>

#include "io/config/probability.hpp"
#include "io/config/values.hpp"

namespace ranvier {
namespace {

using grammar::Argument;
using grammar::Spelling;

/// Draws are repeated until one lies within the bounds: at least this share of them must.
constexpr double least_kept = 1e-3;
/// Below this probability a value will not be drawn, however large the network.
constexpr double never = 1e-18;

Expected argument(const Expected& field, const std::string& name, Argument kind) {
  switch (kind) {
    case Argument::location: return {name, field.unit};
    case Argument::spread: return {name, field.unit, range::non_negative};
    case Argument::positive: return {name, field.unit, range::positive};
    case Argument::shape: return {name, unit::one, range::positive};
    case Argument::number: break;
  }
  return {name};
}

int matches(const Spelling& s, const YamlNode& map) {
  return (map.find(s.first) != nullptr) + (!s.second.empty() && map.find(s.second) != nullptr);
}

/// The spelling that has most of the keys that are there; the first of several.
const Spelling& best_spelling(const std::vector<const Spelling*>& spellings, const YamlNode& map) {
  return **std::max_element(spellings.begin(), spellings.end(),
                            [&](const Spelling* a, const Spelling* b) { return matches(*a, map) < matches(*b, map); });
}

bool check_keys(Context& context, const YamlNode::Entry& entry, const Spelling& spelling, const std::string& name) {
  bool good = true;
  std::vector<std::string> known{std::string(spelling.first)};
  if (!spelling.second.empty()) known.emplace_back(spelling.second);
  for (const auto& key : known) {
    if (entry.value.find(key)) continue;
    context.error(entry.place, "{}: '{}' is missing", name, key);
    good = false;
  }
  for (const auto bound : {grammar::bound_min, grammar::bound_max})
    if (std::find(known.begin(), known.end(), bound) == known.end()) known.emplace_back(bound);
  for (const auto& given : entry.value.entries) {
    if (std::find(known.begin(), known.end(), given.key) != known.end()) continue;
    context.error(given.place, "{}: unknown key '{}'{}", name, given.key, hint_for(given.key, known));
    good = false;
  }
  return good;
}

std::optional<Distribution> read_arguments(Context& context, const YamlNode& map, const Spelling& s,
                                           const Expected& field, const std::string& name) {
  const auto read = [&](std::string_view key, Argument kind) {
    return read_number(context, *map.find(key), argument(field, fmt::format("{}: {}", name, key), kind));
  };
  Distribution d;
  d.kind = s.kind;
  const auto first = read(s.first, s.first_is);
  const auto second = s.second.empty() ? std::optional(0.0) : read(s.second, s.second_is);
  bool good = first && second;
  const auto bound = [&](std::string_view key, std::optional<double>& into) {
    if (key == s.first || key == s.second || !map.find(key)) return;
    into = read(key, Argument::location);
    good = good && into;
  };
  bound(grammar::bound_min, d.min);
  bound(grammar::bound_max, d.max);
  if (!good) return std::nullopt;
  d.a = *first;
  d.b = *second;
  return d;
}

/// Mean and standard deviation of a lognormal variable to those of its logarithm.
void moments_to_logarithm(Distribution& d) {
  const double relative = d.b / d.a;
  const double variance = std::log1p(relative * relative);
  d.a = std::log(d.a) - 0.5 * variance;
  d.b = std::sqrt(variance);
}

/// Bounds of a uniform distribution only narrow it.
void narrow_uniform(Distribution& d) {
  if (d.min) d.a = std::max(d.a, *d.min);
  if (d.max) d.b = std::min(d.b, *d.max);
  d.min.reset();
  d.max.reset();
}

/// Share of the draws that are kept by the bounds and yet outside the range of the field.
double probability_outside(const Distribution& d, const Range& range) {
  double outside = 0.0;
  if (!d.min || *d.min < range.min) outside += probability_below(d, range.min);
  if (!d.max || *d.max > range.max) outside += probability_above(d, range.max);
  return outside;
}

/// About the largest magnitude that a draw can reach: no generator goes beyond ten standard deviations.
double largest_draw(const Distribution& d) {
  constexpr double deviations = 10.0;
  const double largest = std::abs(d.a) + deviations * std::abs(d.b);
  return d.kind == Distribution::Kind::lognormal ? std::exp(d.a + deviations * d.b) : largest;
}

bool check(Context& context, const Place& place, const Distribution& d, const Expected& field,
           const std::string& name) {
  const auto fail = [&](const std::string& why) {
    context.error(place, "{}: {}", name, why);
    return false;
  };
  using Kind = Distribution::Kind;
  if (d.kind == Kind::lognormal && d.b < 0.0) return fail("sigma must be at least 0");
  if (d.kind == Kind::uniform && !(d.a < d.b))
    return fail(fmt::format("the lower end ({}) must be below the upper end ({})", d.a, d.b));
  if (d.kind == Kind::truncated_normal && !d.min && !d.max) return fail("'min' or 'max' is missing");
  if (d.min && d.max && !(*d.min < *d.max)) return fail(fmt::format("min ({}) must be below max ({})", *d.min, *d.max));
  const double kept = kept_share(d);
  if (kept < least_kept)
    return fail(fmt::format("min and max keep only {:.2g} of the draws; at least {} must remain", kept, least_kept));
  if (probability_outside(d, field.range) > never)
    return fail(fmt::format("may draw values that are not allowed (must be {}); give {}",
                            ranvier::describe(field.range, field.unit),
                            std::isfinite(field.range.max) ? "min and max" : "min"));
  if (!std::isfinite(largest_draw(d))) return fail("may draw infinite numbers");
  return true;
}

}  // namespace

std::vector<const Spelling*> spellings_of(std::string_view name) {
  std::vector<const Spelling*> all;
  for (const auto& s : grammar::spellings)
    if (s.name == name) all.push_back(&s);
  return all;
}

std::optional<Distribution> read_distribution(Context& context, const YamlNode::Entry& entry, const Expected& field) {
  const auto spellings = spellings_of(entry.key);
  if (spellings.empty()) {
    context.error(entry.place, "{}: unknown distribution '{}'{}", field.name, entry.key,
                  hint_for(entry.key, distribution_names()));
    return std::nullopt;
  }
  const std::string name = fmt::format("{}: {}", field.name, entry.key);
  if (!entry.value.is_map()) {
    context.error(entry.value.place, "{}: expected a map of arguments, got {}", name, what_is(entry.value));
    return std::nullopt;
  }
  const Spelling& spelling = best_spelling(spellings, entry.value);
  if (!check_keys(context, entry, spelling, name)) return std::nullopt;
  auto distribution = read_arguments(context, entry.value, spelling, field, name);
  if (!distribution) return std::nullopt;
  if (distribution->kind == Distribution::Kind::lognormal && spelling.first_is == Argument::positive)
    moments_to_logarithm(*distribution);
  if (distribution->kind == Distribution::Kind::uniform) narrow_uniform(*distribution);
  if (!check(context, entry.place, *distribution, field, name)) return std::nullopt;
  return distribution;
}

std::vector<std::string> distribution_names() {
  std::vector<std::string> names;
  for (const auto& s : grammar::spellings)
    if (std::find(names.begin(), names.end(), s.name) == names.end()) names.emplace_back(s.name);
  return names;
}

}  // namespace ranvier
