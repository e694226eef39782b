#pragma once
#include <string>
#include <vector>

#include "core/catalogue/catalogue.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// What the time step is too coarse for, each in a text:
/// - A time constant of a neuron or receptor that is shorter than five steps: what follows it is then resolved poorly
///   (README, "Accuracy"). A parameter counts with its value, the lower end of a uniform distribution or the mean of another
///   one; those in datasets are not looked at. Neurons with receptors of their own are left out: they are integrated
///   exactly, whatever the step.
/// - Refractory times that are rounded to whole steps: those of a population in which they differ between neurons, or have a
///   default between two steps. (One number in a config has to be on the grid.)
std::vector<std::string> time_step_warnings(const Config& config, const Catalogue& catalogue);

}  // namespace ranvier
