#pragma once
#include <string>

#include "core/catalogue/catalogue.hpp"

namespace ranvier {

/// All models, receptors, inputs and rules, one line each.
std::string describe(const Catalogue&);

/// One of them: what it is, equations, fields with unit, default and range, source.
/// Throws UsageError with the nearest name where there is none of this name.
std::string describe(const Catalogue&, const std::string& name);

}  // namespace ranvier
