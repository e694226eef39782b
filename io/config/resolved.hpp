#pragma once
#include <string>

#include "core/base/catalogue.hpp"
#include "io/config/config.hpp"

namespace ranvier {

/// The config as YAML that reads back as the same Config: numbers evaluated and with units, lists expanded.
std::string resolved_yaml(const Config&, const Catalogue&);

}  // namespace ranvier
