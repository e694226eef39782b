#pragma once
#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "core/base/error.hpp"

namespace ranvier {

/// Numbers that a child process (guard::run) writes and this process reads: memory that both have, given back with the
/// object. Only what is written to takes memory, so that the size may be an upper bound. Begins as zeros.
template <class T>
requires std::is_trivially_copyable_v<T>
class SharedArray {
 public:
  SharedArray() = default;
  /// RuntimeError where there is no room for it.
  explicit SharedArray(std::size_t size) : size_(size) {
    if (size == 0) return;
    void* memory =
        mmap(nullptr, size * sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
      throw RuntimeError("out of memory (" + std::to_string(size * sizeof(T)) +
                         " bytes to read a file into: " + std::strerror(errno) + "); use more ranks or nodes");
    data_ = static_cast<T*>(memory);
  }
  SharedArray(SharedArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  SharedArray& operator=(SharedArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~SharedArray() {
    if (data_ != nullptr) munmap(data_, size_ * sizeof(T));
  }

  std::size_t size() const { return size_; }
  T* data() const { return data_; }
  std::span<T> first(std::size_t count) const { return {data_, count}; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ranvier
