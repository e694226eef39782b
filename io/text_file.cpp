#include "io/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

/// Everything up to the disk; the number of the error, or 0.
int write_through(int file, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(file, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    done += static_cast<std::size_t>(written);
  }
  return fsync(file) == 0 ? 0 : errno;
}

}  // namespace

void write_text_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".part";
  const auto fail = [&](int error) {
    ::unlink(temporary.c_str());
    throw RuntimeError(fmt::format("cannot write '{}' ({})", path, std::strerror(error)));
  };
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail(errno);
  int error = write_through(file, text);
  if (::close(file) != 0 && error == 0) error = errno;
  if (error != 0) fail(error);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) fail(errno);
}

}  // namespace ranvier
