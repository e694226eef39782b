#pragma once
#include <string>
#include <vector>

#include "io/network/config.hpp"

namespace ranvier {

/// Paths of all files that the numbers of a network are read from, each once, in alphabetical order.
std::vector<std::string> data_files(const Config& config);

}  // namespace ranvier
