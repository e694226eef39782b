#pragma once
#include <string>

#include "core/catalogue/catalogue.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// The config as YAML that reads back as the same Config: numbers evaluated and with units, lists expanded.
std::string resolved_yaml(const Config&, const Catalogue&);

/// The part of it that decides what happens in a network: without its name, how long it runs, and what is recorded or
/// saved. A checkpoint belongs to it.
std::string network_text(const Config&, const Catalogue&);

}  // namespace ranvier
