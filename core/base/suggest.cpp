#include "core/base/suggest.hpp"

#include <algorithm>

namespace ranvier {
namespace {

/// Longer names are not compared: nobody mistypes them, and the comparison takes the product of the lengths.
constexpr std::size_t longest = 64;
/// Beyond this many candidates a suggestion would cost more than it helps.
constexpr std::size_t most_candidates = 10'000;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t differing_case(std::string_view a, std::string_view b) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) n += a[i] != b[i];
  return n;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::string nearest(std::string_view text, const std::vector<std::string>& candidates) {
  if (text.empty() || text.size() > longest || candidates.size() > most_candidates) return {};
  const std::size_t forgiven = std::max<std::size_t>(1, text.size() / 3);
  std::string best;
  std::size_t best_distance = forgiven + 1, best_case = 0;
  for (const auto& candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), text.size()),
                      shorter = std::min(candidate.size(), text.size());
    if (candidate.size() > longest || longer - shorter > forgiven) continue;
    const std::size_t distance = edit_distance(text, candidate), in_case = differing_case(text, candidate);
    // A distance that replaces every letter is no likeness.
    if (distance >= longer) continue;
    if (distance < best_distance || (distance == best_distance && !best.empty() && in_case < best_case)) {
      best = candidate;
      best_distance = distance;
      best_case = in_case;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view text, const std::vector<std::string>& candidates) {
  const std::string name = nearest(text, candidates);
  return name.empty() ? "" : " Did you mean '" + name + "'?";
}

}  // namespace ranvier
