#include "core/base/version.hpp"

#include <fmt/format.h>

#include "ranvier_build_info.hpp"

namespace ranvier {

std::string version() { return build_info::version; }

std::string git_hash() { return build_info::git_hash; }

std::string build_description() {
#ifdef RANVIER_CHECK_CONTRACTS
  constexpr const char* contracts = " with contracts checked";
#else
  constexpr const char* contracts = "";
#endif
  const std::string device_half = build_info::device_half;
  return fmt::format("{}, {}{}, {}; Kokkos {} ({}){}", build_info::compiler, build_info::build_type, contracts,
                     build_info::flags, build_info::kokkos, build_info::devices,
                     device_half.empty() ? "" : "; GPU: " + device_half);
}

}  // namespace ranvier
