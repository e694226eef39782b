#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// "Did you mean": names near to one that is not known.
namespace ranvier {

/// Smallest number of insertions, deletions, replacements and swaps of neighbours that turns `a` into `b`
/// (optimal string alignment). Bytes are compared without regard to the case of ASCII letters.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `text`, or an empty string where none is near: at most a third of its letters may differ
/// (one letter is always forgiven). Of several equally near, the one that agrees in case, then the first.
std::string nearest(std::string_view text, const std::vector<std::string>& candidates);

/// " Did you mean 'x'?" for the nearest candidate, or an empty string.
std::string did_you_mean(std::string_view text, const std::vector<std::string>& candidates);

}  // namespace ranvier
