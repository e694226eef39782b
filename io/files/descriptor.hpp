#pragma once
#include <cstdint>
#include <string>
#include <utility>

namespace ranvier {

/// An open file of the system, for the few places that read or write bytes.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  int get() const { return value_; }
  explicit operator bool() const { return value_ >= 0; }

 private:
  int value_;
};

/// All of these throw RuntimeError with the path and the system's reason.
Descriptor open_for_reading(const std::string& path);
/// A file that exists.
Descriptor open_for_writing(const std::string& path);
/// Exactly `bytes` bytes from `offset` on; the end of the file before that is an error.
void read_at(const Descriptor& file, const std::string& path, std::uint64_t offset, std::uint64_t bytes, void* out);
void write_at(const Descriptor& file, const std::string& path, std::uint64_t offset, std::uint64_t bytes,
              const void* data);
/// Has the system begin to bring what was written to the disk, without waiting: sync() then has less to wait for.
void begin_sync(const Descriptor& file);
/// Has the system bring a file, or the names in a folder, to the disk.
void sync(const std::string& path);

}  // namespace ranvier
