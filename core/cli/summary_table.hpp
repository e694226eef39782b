#pragma once
#include <string>

#include "core/run/run_summary.hpp"

namespace ranvier {

/// What is about to run, in two lines: network, ranks, device, precision.
std::string heading(const RunSummary& summary);
/// The table at the end of a run; several lines, aligned, ending in a newline.
std::string summary_table(const RunSummary& summary);

}  // namespace ranvier
