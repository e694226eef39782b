#pragma once
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/text/yaml_node.hpp"

namespace ranvier::sonata {

/// One JSON file of a circuit. The variables of its manifest hold in it.
struct JsonFile {
  std::string path, directory;
  YamlNode root;
  std::map<std::string, const YamlNode*> variables;  ///< by name without $
};

/// A value and the file that it stands in.
struct Located {
  const JsonFile* file = nullptr;
  const YamlNode* node = nullptr;

  explicit operator bool() const { return node != nullptr; }
  /// What stands under a key; nothing where there is no such key, or null under it.
  Located find(std::string_view key) const {
    const YamlNode* found = node && node->is_map() ? node->find(key) : nullptr;
    return found && !found->is_null() ? Located{file, found} : Located{};
  }
};

/// Where a line of YAML comes from, as a comment that ends it: "  #@ file:line:column". Errors are told at that place
/// (Errors, io/text/errors.hpp).
std::string origin(const Located& at);

/// The JSON files that make up a circuit and its simulation, and all that is wrong with them.
class JsonFiles {
 public:
  /// Reads the file, and those that it names under `network`, `circuit` and `simulation`. Throws UsageError where one cannot be read.
  JsonFiles(const std::string& path, std::function<void(const std::string&)> warn);

  /// The config itself.
  Located main() const { return {&files_.front(), &files_.front().root}; }
  /// A section of the config, from the first file that has it.
  Located section(std::string_view name) const;
  /// From all files that have it.
  std::vector<Located> sections(std::string_view name) const;
  /// One more file, such as that of the node sets; its path stands in a config.
  Located read(const Located& path);

  /// After 100 mistakes gives up: throws UsageError with those.
  void mistake(const Located&, const std::string& what);
  /// A mistake that names its own file, perhaps several, one per line.
  void mistake(const std::string& lines);
  void warn(const Located&, const std::string& what);
  void raise_if_any() const;

  /// Says which keys of a map mean nothing to us. `known` are those that are read, or are known to have no meaning for point
  /// neurons.
  void check_keys(const Located& map, std::string_view what, const std::vector<std::string>& known);

  // Values of the right kind, or nothing after adding a mistake.
  std::optional<std::string> text(const Located&, std::string_view name);
  std::optional<double> number(const Located&, std::string_view name);
  bool flag(const Located&, std::string_view name, bool otherwise);
  /// Text in which variables of the manifest are replaced; control characters are a mistake.
  std::optional<std::string> expanded(const Located&, std::string_view name);
  /// An absolute path, with the variables of the manifest.
  std::optional<std::string> path(const Located&, std::string_view name);
  /// The name of a file of results: a name alone, or a path into the folder of the results.
  std::optional<std::string> result_name(const Located&, std::string_view name, const std::string& folder);

 private:
  const JsonFile& load(const std::string& path);
  void follow(const JsonFile&);
  void check_top_level(const JsonFile&);

  struct BadPath {
    Located at;
    std::string reason;
  };
  std::string substituted(const Located&, const std::string& text, std::vector<std::string>& open) const;
  std::string value_of(const Located&, const std::string& variable, std::vector<std::string>& open) const;

  std::function<void(const std::string&)> warn_;
  std::deque<JsonFile> files_;  ///< those with sections
  std::deque<JsonFile> others_;
  std::vector<std::string> mistakes_;
};

}  // namespace ranvier::sonata
