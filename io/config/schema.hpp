#pragma once
#include <string>

#include "core/catalogue/catalogue.hpp"

namespace ranvier {

/// JSON Schema (draft-07) of a config, for editors: keys, kinds of values, names of models and their fields.
/// Dimensions, ranges of expressions and names of populations are left to the reader.
std::string json_schema(const Catalogue&);

}  // namespace ranvier
