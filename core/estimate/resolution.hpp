#pragma once
#include <string>
#include <vector>

#include "core/catalogue/catalogue.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// A text for each time constant of a neuron or receptor that is shorter than five steps: what follows it is then resolved
/// poorly (README, "Accuracy"). A parameter counts with its value, the lower end of a uniform distribution or the mean of
/// another one; those in datasets are not looked at. Neurons with receptors of their own are left out: they are integrated
/// exactly, whatever the step.
std::vector<std::string> short_time_constants(const Config& config, const Catalogue& catalogue);

}  // namespace ranvier
