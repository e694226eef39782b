#pragma once
#include <string>
#include <vector>

#include "core/base/catalogue.hpp"
#include "io/config/config.hpp"

namespace ranvier {

/// Reads and checks a config file. `set` holds assignments "path.to.key=value" that replace what the file says.
/// Throws UsageError with all errors, one per line: "file:line:column: what is wrong. Did you mean ...?"
Config read_config(const std::string& path, const Catalogue&, const std::vector<std::string>& set = {});

/// The same from memory. `name` stands for the file in messages; relative dataset paths start at `directory`.
Config parse_config(const std::string& text, const std::string& name, const std::string& directory, const Catalogue&,
                    const std::vector<std::string>& set = {});

}  // namespace ranvier
