#pragma once
#include <string>
#include <vector>

/// The table of wrong configs in bad_configs.txt.
namespace ranvier::test {

struct BadConfig {
  std::string title;
  std::string text;              ///< the whole config
  std::vector<std::string> set;  ///< --set options
  std::string message;           ///< all errors, the file being config.yaml
};

/// Reads the table; the first entry is the base config, which is right.
std::vector<BadConfig> read_bad_configs(const std::string& path);

}  // namespace ranvier::test
