#include "io/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "core/base/error.hpp"

namespace ranvier {

TextFile::TextFile(std::string path) : path_(std::move(path)) {
  file_ = ::open(temporary(path_).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file_ < 0) fail(errno);
}

TextFile::~TextFile() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(temporary(path_).c_str());
}

void TextFile::fail(int error) {
  if (const int file = std::exchange(file_, -1); file >= 0) ::close(file);
  ::unlink(temporary(path_).c_str());
  throw RuntimeError(fmt::format("cannot write '{}' ({})", path_, std::strerror(error)));
}

void TextFile::write(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(file_, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    done += static_cast<std::size_t>(written);
  }
}

void TextFile::finish() {
  if (fsync(file_) != 0) fail(errno);
  if (::close(std::exchange(file_, -1)) != 0) fail(errno);
  if (std::rename(temporary(path_).c_str(), path_.c_str()) != 0) fail(errno);
}

void write_text_file(const std::string& path, const std::string& text) {
  TextFile file(path);
  file.write(text);
  file.finish();
}

}  // namespace ranvier
