#pragma once
#include <string>

namespace ranvier {

/// The text in double quotes, as YAML and JSON read it.
std::string in_quotes(const std::string& text);

}  // namespace ranvier
