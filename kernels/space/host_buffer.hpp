#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace ranvier {

/// Asks the system for huge pages under host memory that is read or written at random: rings and synapses of a large
/// network take more small pages than a processor can keep translations of. A wish, not a need: failure is no error.
inline void wish_huge_pages([[maybe_unused]] void* data, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t page = 4096;
  const auto begin = (reinterpret_cast<std::uintptr_t>(data) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(data) + bytes) / page * page;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

/// An array of plain numbers in host memory, on huge pages where the host has them. It owns its memory and can be moved, not
/// copied. It is what a network is handed over in from the build to the kernels of any space.
template <class T>
class HostBuffer {
  static_assert(std::is_trivially_copyable_v<T>, "plain numbers");

 public:
  HostBuffer() = default;
  /// Zeros.
  explicit HostBuffer(std::size_t size) : HostBuffer(uninitialised(size)) { std::fill_n(data_, size_, T{}); }
  HostBuffer(std::initializer_list<T> values) : HostBuffer(uninitialised(values.size())) {
    std::copy(values.begin(), values.end(), data_);
  }
  static HostBuffer uninitialised(std::size_t size) {
    HostBuffer buffer;
    if (size == 0) return buffer;
    buffer.data_ = static_cast<T*>(::operator new(size * sizeof(T), alignment));
    buffer.size_ = size;
    wish_huge_pages(buffer.data_, size * sizeof(T));
    return buffer;
  }
  HostBuffer(HostBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  HostBuffer& operator=(HostBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~HostBuffer() {
    if (data_ != nullptr) ::operator delete(data_, alignment);
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return size_ * sizeof(T); }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }

 private:
  static constexpr std::align_val_t alignment{64};

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ranvier
