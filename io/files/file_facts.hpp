#pragma once
#include <functional>
#include <map>
#include <string>

namespace ranvier {

/// What a config takes from other files while it is read: texts of small files, summaries of large ones, by name. The rank
/// that reads the config collects them, and all others are given them packed: they parse the same text and come to the
/// same config without a look at the disk.
class FileFacts {
 public:
  FileFacts() = default;
  explicit FileFacts(const std::string& packed);
  std::string packed() const;

  /// The fact of this name; `read` finds it out where it is not known yet. What `read` throws is passed on.
  const std::string& get(const std::string& name, const std::function<std::string()>& read);
  /// The text of a regular file of at most `most` bytes; UsageError "file: why" otherwise.
  const std::string& text(const std::string& path, std::size_t most);

 private:
  std::map<std::string, std::string> known_;
};

}  // namespace ranvier
