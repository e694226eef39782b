#pragma once
#include "core/build/node_selections.hpp"
#include "io/network/config.hpp"
#include "kernels/registry/registry.hpp"

namespace ranvier {

/// Draws and reads parameters and initial values as a build does, and throws UsageError with what the build would refuse: a value out
/// of its range, or a neuron whose values do not fit each other. One message for each population. Neurons are looked at
/// block by block, so that memory is bounded, and at most 2^24 of a population, so that time is.
void check_values(const Config& config, const Registry& models, const NodeSelections& nodes);

}  // namespace ranvier
