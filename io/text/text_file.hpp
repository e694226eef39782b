#pragma once
#include <cstddef>
#include <string>

namespace ranvier {

/// A text file that is written piece by piece under a temporary name, and renamed when it is complete: readers see the old
/// one or the new one, never a part. Members throw RuntimeError with the system's reason; without finish() nothing stays.
class TextFile {
 public:
  explicit TextFile(std::string path);
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  ~TextFile();

  void write(const std::string& text);
  /// Everything up to the disk, under its name.
  void finish();

  /// The name until then.
  static std::string temporary(const std::string& path) { return path + ".part"; }

 private:
  [[noreturn]] void fail(int error);

  std::string path_;
  int file_ = -1;
};

/// Writes a small text file as a whole.
void write_text_file(const std::string& path, const std::string& text);

/// The first `most` bytes of a regular file that a user named. Throws UsageError "file: why".
std::string read_text_file(const std::string& path, std::size_t most);

/// The path from the root, without `.` and `..`, of a path that starts at `directory` (of the working directory, where that is
/// empty).
std::string absolute_path(const std::string& path, const std::string& directory);

}  // namespace ranvier
