#include "core/base/memory.hpp"

#include <fmt/format.h>

#include <new>
#include <string_view>

namespace ranvier {

std::string what_failed(const std::exception& error) {
  const std::string_view said = error.what();
  // Kokkos turns the failure of a view into an exception of another kind, which has only its text.
  const bool of_kokkos = said.find("failed to allocate memory") != std::string_view::npos;
  if (dynamic_cast<const std::bad_alloc*>(&error) == nullptr && !of_kokkos) return std::string(said);
  const bool nothing_said = said.empty() || said == std::bad_alloc().what();
  return fmt::format(
      "out of memory{}; use more ranks or nodes, or single precision; 'ranvier validate --ranks N' foretells the "
      "memory per rank",
      nothing_said ? "" : fmt::format(" ({})", said.substr(0, said.find_last_not_of(" .\n") + 1)));
}

}  // namespace ranvier
