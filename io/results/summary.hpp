#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "io/results/provenance.hpp"

namespace ranvier {

/// Writes `<folder>/summary.json`: what the caller tells about the run, then the provenance. Replaces it in one step.
/// Throws RuntimeError with the system's reason. One rank calls it.
void write_summary(const std::string& folder, const nlohmann::ordered_json& run, const Provenance& provenance);

}  // namespace ranvier
