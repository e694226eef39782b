#include "core/base/launcher.hpp"

#include <cstdlib>

namespace ranvier {

std::optional<int> launcher_rank() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"})
    if (const char* text = std::getenv(name)) return std::atoi(text);
  return std::nullopt;
}

}  // namespace ranvier
