#pragma once
#include <nlohmann/json_fwd.hpp>

#include "core/run/run_summary.hpp"

namespace ranvier {

/// Everything in a summary, for `summary.json`; units are in the names.
nlohmann::ordered_json summary_json(const RunSummary& summary);

}  // namespace ranvier
