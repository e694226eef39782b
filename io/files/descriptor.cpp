#include "io/files/descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

[[noreturn]] void fail(const char* what, const std::string& path, int error) {
  throw RuntimeError(fmt::format("cannot {} '{}' ({})", what, path, std::strerror(error)));
}

}  // namespace

Descriptor::~Descriptor() {
  if (value_ >= 0) ::close(value_);
}

Descriptor open_for_reading(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail("read", path, errno);
  return file;
}

Descriptor open_for_writing(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) fail("write", path, errno);
  return file;
}

void read_at(const Descriptor& file, const std::string& path, std::uint64_t offset, std::uint64_t bytes, void* out) {
  auto* to = static_cast<char*>(out);
  while (bytes > 0) {
    const ssize_t got = ::pread(file.get(), to, bytes, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path, errno);
    if (got == 0) throw RuntimeError(fmt::format("'{}' ends at byte {}; it is not complete", path, offset));
    to += got;
    offset += static_cast<std::uint64_t>(got);
    bytes -= static_cast<std::uint64_t>(got);
  }
}

void write_at(const Descriptor& file, const std::string& path, std::uint64_t offset, std::uint64_t bytes,
              const void* data) {
  const auto* from = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t put = ::pwrite(file.get(), from, bytes, static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) fail("write", path, put < 0 ? errno : ENOSPC);
    from += put;
    offset += static_cast<std::uint64_t>(put);
    bytes -= static_cast<std::uint64_t>(put);
  }
}

void begin_sync(const Descriptor& file) {
#if defined(SYNC_FILE_RANGE_WRITE)
  // A hint: what cannot be written will be an error of sync().
  static_cast<void>(::sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WRITE));
#else
  static_cast<void>(file);
#endif
}

void sync(const std::string& path) {
  const Descriptor file = open_for_reading(path);
  if (::fsync(file.get()) != 0) fail("write", path, errno);
}

}  // namespace ranvier
