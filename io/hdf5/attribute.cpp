#include "io/hdf5/attribute.hpp"

#include <cstring>

#include "io/hdf5/library.hpp"

namespace ranvier::hdf5 {
namespace {

constexpr std::size_t largest_attribute = 65536;  // bytes; the format keeps attributes below this

TypeHandle text_type(std::size_t size) {
  TypeHandle type(check(H5Tcopy(H5T_C_S1), "cannot prepare an HDF5 text type"));
  check(H5Tset_size(type.get(), size), "cannot prepare an HDF5 text type");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "cannot prepare an HDF5 text type");
  return type;
}

void write_raw(File& file, const std::string& path, const std::string& name, hid_t file_type, hid_t memory_type,
               hid_t space, const void* data) {
  const AttributeHandle attribute(check(
      H5Acreate_by_name(file.id(), path.c_str(), name.c_str(), file_type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
      "cannot create attribute '{}' of '{}' in '{}'", name, path, file.path()));
  check(H5Awrite(attribute.get(), memory_type, data), "cannot write attribute '{}' of '{}' in '{}'", name, path,
        file.path());
}

SpaceHandle scalar() { return SpaceHandle(check(H5Screate(H5S_SCALAR), "cannot prepare an HDF5 space")); }

AttributeHandle find(const File& file, const std::string& path, const std::string& name) {
  AttributeHandle attribute;
  if (H5Aexists_by_name(file.id(), path.c_str(), name.c_str(), H5P_DEFAULT) > 0)
    attribute = AttributeHandle(H5Aopen_by_name(file.id(), path.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT));
  H5Eclear2(H5E_DEFAULT);
  return attribute;
}

/// Elements of an attribute, or nothing where it is too large to be true.
std::optional<std::size_t> element_count(hid_t attribute, hid_t type) {
  const SpaceHandle space(H5Aget_space(attribute));
  const hssize_t count = space ? H5Sget_simple_extent_npoints(space.get()) : -1;
  const std::size_t size = H5Tget_size(type);
  if (count < 0 || size == 0 || size > largest_attribute || static_cast<std::size_t>(count) > largest_attribute / size)
    return std::nullopt;
  return static_cast<std::size_t>(count);
}

}  // namespace

void write_attribute(File& file, const std::string& path, const std::string& name, const std::string& text) {
  // Variable length: what Python readers then see is text, not bytes.
  const auto type = text_type(H5T_VARIABLE);
  const char* data = text.c_str();
  write_raw(file, path, name, type.get(), type.get(), scalar().get(), &data);
}

template <class T>
void write_attribute(File& file, const std::string& path, const std::string& name, const std::vector<T>& values) {
  const hsize_t size = values.size();
  const SpaceHandle space = size == 1 ? scalar()
                                      : SpaceHandle(check(H5Screate_simple(1, &size, nullptr),
                                                          "cannot prepare attribute '{}' of '{}'", name, path));
  write_raw(file, path, name, file_type<T>(), native_type<T>(), space.get(), values.data());
}

void rewrite_attribute(File& file, const std::string& path, const std::string& name, double value) {
  // Through the open object: HDF5 1.10 cannot write to an attribute that was opened by the object's name.
  const ObjectHandle object(
      check(H5Oopen(file.id(), path.c_str(), H5P_DEFAULT), "cannot open '{}' of '{}'", path, file.path()));
  const AttributeHandle attribute(check(H5Aopen(object.get(), name.c_str(), H5P_DEFAULT),
                                        "cannot open attribute '{}' of '{}' in '{}'", name, path, file.path()));
  check(H5Awrite(attribute.get(), H5T_NATIVE_DOUBLE, &value), "cannot write attribute '{}' of '{}' in '{}'", name, path,
        file.path());
}

void write_enum_attribute(File& file, const std::string& path, const std::string& name,
                          const std::vector<std::string>& names, std::uint8_t value) {
  const TypeHandle type(check(H5Tenum_create(H5T_STD_U8LE), "cannot prepare attribute '{}' of '{}'", name, path));
  std::uint8_t number = 0;
  for (const std::string& member : names) {
    check(H5Tenum_insert(type.get(), member.c_str(), &number), "cannot prepare attribute '{}' of '{}'", name, path);
    ++number;
  }
  write_raw(file, path, name, type.get(), type.get(), scalar().get(), &value);
}

std::optional<std::string> read_text_attribute(const File& file, const std::string& path, const std::string& name) {
  const auto attribute = find(file, path, name);
  if (!attribute) return std::nullopt;
  const TypeHandle type(H5Aget_type(attribute.get()));
  if (!type || H5Tget_class(type.get()) != H5T_STRING) return std::nullopt;
  if (element_count(attribute.get(), type.get()) != 1) return std::nullopt;
  std::optional<std::string> text;
  if (H5Tis_variable_str(type.get()) > 0) {
    char* data = nullptr;
    const auto memory = text_type(H5T_VARIABLE);
    check(H5Tset_cset(memory.get(), H5Tget_cset(type.get())), "cannot read attribute '{}'", name);
    if (H5Aread(attribute.get(), memory.get(), &data) >= 0 && data) text = data;
    if (data) H5free_memory(data);
  } else {
    std::vector<char> data(H5Tget_size(type.get()) + 1, '\0');
    if (H5Aread(attribute.get(), type.get(), data.data()) >= 0) text = data.data();
  }
  H5Eclear2(H5E_DEFAULT);
  return text;
}

template <class T>
std::optional<std::vector<T>> read_attribute(const File& file, const std::string& path, const std::string& name) {
  const auto attribute = find(file, path, name);
  if (!attribute) return std::nullopt;
  const TypeHandle type(H5Aget_type(attribute.get()));
  const auto kind = type ? H5Tget_class(type.get()) : H5T_NO_CLASS;
  if (kind != H5T_INTEGER && kind != H5T_FLOAT && kind != H5T_ENUM) return std::nullopt;
  const auto count = element_count(attribute.get(), type.get());
  if (!count) return std::nullopt;
  std::vector<T> values(*count);
  // An enum is read as the number below it.
  const TypeHandle number(kind == H5T_ENUM ? H5Tget_super(type.get()) : H5I_INVALID_HID);
  herr_t status = 0;
  if (kind == H5T_ENUM && H5Tequal(number.get(), file_type<T>()) > 0) {
    status = H5Aread(attribute.get(), type.get(), values.data());
  } else if (kind != H5T_ENUM) {
    status = H5Aread(attribute.get(), native_type<T>(), values.data());
  } else {
    status = -1;
  }
  H5Eclear2(H5E_DEFAULT);
  if (status < 0) return std::nullopt;
  return values;
}

#define RANVIER_INSTANTIATE(T)                                                                            \
  template void write_attribute<T>(File&, const std::string&, const std::string&, const std::vector<T>&); \
  template std::optional<std::vector<T>> read_attribute<T>(const File&, const std::string&, const std::string&);
RANVIER_INSTANTIATE(double)
RANVIER_INSTANTIATE(float)
RANVIER_INSTANTIATE(std::int64_t)
RANVIER_INSTANTIATE(std::uint64_t)
RANVIER_INSTANTIATE(std::int32_t)
RANVIER_INSTANTIATE(std::uint32_t)
RANVIER_INSTANTIATE(std::uint8_t)
#undef RANVIER_INSTANTIATE

}  // namespace ranvier::hdf5
