#pragma once
#include <string>

#include "core/run_summary.hpp"

namespace ranvier {

/// "4,000": a count for people.
std::string readable_count(std::uint64_t count);
/// "1.25 GB" (powers of ten).
std::string readable_bytes(double bytes);

/// What is about to run, in two lines: network, ranks, device, precision.
std::string heading(const RunSummary& summary);
/// The table at the end of a run; several lines, aligned, ending in a newline.
std::string summary_table(const RunSummary& summary);

}  // namespace ranvier
