#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/catalogue/catalogue.hpp"
#include "io/files/file_facts.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// Reads and checks a config file. `set` holds assignments "path.to.key=value" that replace what the file says.
/// Throws UsageError with all errors, one per line: "file:line:column: what is wrong. Did you mean ...?"
Config read_config(const std::string& path, const Catalogue&, const std::vector<std::string>& set = {});

/// A config as it was found.
struct ConfigText {
  std::string text;         ///< YAML
  std::string name;         ///< stands for the file in messages
  std::string directory;    ///< relative paths start here
  bool translated = false;  ///< its lines say where they come from (Errors::take_origins)
};

/// The text of a config file. That of a SONATA config (.json) is the YAML for the same network (io/sonata/circuit/circuit.hpp); what
/// it says that means nothing here is told to `warn`.
ConfigText load_config(const std::string& path, FileFacts&, const std::function<void(const std::string&)>& warn);

/// The same as read_config from memory. What is read from other files is looked up in, and added to, `files`.
Config parse_config(const ConfigText&, const Catalogue&, const std::vector<std::string>& set, FileFacts& files);
Config parse_config(const std::string& text, const std::string& name, const std::string& directory, const Catalogue&,
                    const std::vector<std::string>& set = {});

}  // namespace ranvier
