#pragma once
#include <string>
#include <vector>

namespace ranvier {

/// Where two configs as resolved (network_text) differ, as "populations.exc.params.C_m: 200 pF / 250 pF", in the order of the
/// first; what only one of them has is "nothing" in the other.
std::vector<std::string> config_differences(const std::string& one, const std::string& other);

}  // namespace ranvier
