#include "io/text/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
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

std::string read_text_file(const std::string& path, std::size_t most) {
  namespace fs = std::filesystem;
  const auto fail = [&](const std::string& why) -> std::string { throw UsageError(fmt::format("{}: {}", path, why)); };
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return fail("there is no such file");
  if (error) return fail(fmt::format("cannot be read ({})", error.message()));
  if (status.type() == fs::file_type::directory) return fail("is a folder; give a file");
  if (status.type() != fs::file_type::regular) return fail("is not a regular file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(fmt::format("cannot be read ({})", std::strerror(errno)));
  std::string text(static_cast<std::size_t>(std::min<std::uintmax_t>(fs::file_size(path, error), most)), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return fail("cannot be read");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

std::string absolute_path(const std::string& path, const std::string& directory) {
  namespace fs = std::filesystem;
  const fs::path joined = fs::path(directory) / path;
  std::error_code ignored;
  std::string whole = (joined.empty() ? fs::current_path() : fs::absolute(joined, ignored)).lexically_normal().string();
  while (whole.size() > 1 && whole.back() == '/') whole.pop_back();
  return whole;
}

}  // namespace ranvier
