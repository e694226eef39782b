#pragma once
#include "core/base/catalogue.hpp"

namespace ranvier {

/// Every model, receptor, source, input and rule of this build, from their declarations.
const Catalogue& catalogue();

}  // namespace ranvier
