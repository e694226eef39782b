#include "core/build/check_values.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/build/partition.hpp"
#include "core/build/population_builder.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t block = std::uint64_t{1} << 20, most_checked = std::uint64_t{1} << 24;

bool varies(const ValueMap& values) {
  return std::any_of(values.begin(), values.end(), [](const auto& entry) { return !is_constant(entry.second); });
}

bool varies(const PopulationConfig& p) {
  return varies(p.params) || varies(p.init) ||
         std::any_of(p.receptors.begin(), p.receptors.end(), [](const auto& r) { return varies(r.params); });
}

}  // namespace

void check_values(const Config& config, const Registry& models, const NodeSelections& nodes) {
  const std::vector<std::uint64_t> sizes = config.population_sizes();
  const Partition partition(sizes, 1);
  const PopulationBuilder build(config, models, partition, nodes);
  std::string problems;
  for (std::size_t p = 0; p < sizes.size(); ++p) {
    if (!varies(config.populations[p])) continue;
    const std::uint64_t checked = std::min(sizes[p], most_checked);
    try {
      for (std::uint64_t first = 0; first < checked; first += block) {
        PopulationLayout layout;
        layout.name = config.populations[p].name;
        layout.size = sizes[p];
        layout.gid0 = partition.first_id(p);
        layout.first = first;
        layout.count = static_cast<std::uint32_t>(std::min(block, checked - first));
        layout.receptors = build.receptors(p);
        build.plan(p, layout);
      }
    } catch (const UsageError& error) {
      problems += (problems.empty() ? "" : "\n") + std::string(error.what());
    }
  }
  if (!problems.empty()) throw UsageError(problems);
}

}  // namespace ranvier
