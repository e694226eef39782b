#pragma once
#include <string>

namespace ranvier {

/// Writes a small text file so that readers see the old one or the new one, never a part: under a temporary name first,
/// then renamed. Throws RuntimeError with the system's reason.
void write_text_file(const std::string& path, const std::string& text);

}  // namespace ranvier
