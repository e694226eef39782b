#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/hdf5/file.hpp"
#include "io/hdf5/types.hpp"

/// Attributes of the object at `path` (a group, a dataset, or "/") of a file.
namespace ranvier::hdf5 {

void write_attribute(File& file, const std::string& path, const std::string& name, const std::string& text);
/// A scalar for one value, a list for several.
template <class T>
void write_attribute(File& file, const std::string& path, const std::string& name, const std::vector<T>& values);
template <class T>
requires std::is_arithmetic_v<T>
void write_attribute(File& file, const std::string& path, const std::string& name, T value) {
  write_attribute(file, path, name, std::vector<T>{value});
}
/// Changes the value of a scalar that exists; collective where the file is shared.
void rewrite_attribute(File& file, const std::string& path, const std::string& name, double value);
/// One of a list of names, stored as uint8: position 0 is 0.
void write_enum_attribute(File& file, const std::string& path, const std::string& name,
                          const std::vector<std::string>& names, std::uint8_t value);

/// Nothing where the attribute is missing, of another kind, or larger than `limit` elements or bytes.
std::optional<std::string> read_text_attribute(const File& file, const std::string& path, const std::string& name);
template <class T>
std::optional<std::vector<T>> read_attribute(const File& file, const std::string& path, const std::string& name);
template <class T>
std::optional<T> read_scalar_attribute(const File& file, const std::string& path, const std::string& name) {
  const auto values = read_attribute<T>(file, path, name);
  return values && values->size() == 1 ? std::optional<T>(values->front()) : std::nullopt;
}

}  // namespace ranvier::hdf5
