#pragma once
#include <cstdint>
#include <vector>

/// Edges that follow from arithmetic alone, so that any reader can say what a file must hold: targets of very different
/// degree, some without an edge; three edges in a row from one source, also from one target to the next.
namespace ranvier::testing {

struct MadeUpEdges {
  std::uint64_t sources = 500, targets = 300;
  std::uint64_t most = 23;  ///< edges of a target, at the most

  std::uint64_t degree(std::uint64_t target) const { return target * target % (most + 1); }
  std::uint32_t source(std::uint64_t edge) const {
    return static_cast<std::uint32_t>(edge / 3 * 2654435761u % 4294967291u % sources);
  }
  static double weight(std::uint64_t edge) { return 0.1 * static_cast<double>(edge % 1000) - 3.0; }
  static double delay(std::uint64_t edge) { return 0.1 * static_cast<double>(1 + edge % 15); }

  /// First edge of each target, and their number.
  std::vector<std::uint64_t> first_edges() const {
    std::vector<std::uint64_t> first{0};
    for (std::uint64_t t = 0; t < targets; ++t) first.push_back(first.back() + degree(t));
    return first;
  }
};

}  // namespace ranvier::testing
