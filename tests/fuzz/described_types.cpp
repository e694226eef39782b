#include "tests/fuzz/described_types.hpp"

#include <hdf5.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace ranvier::fuzz {
namespace {

hid_t number_type(const std::string& name) {
  const bool big = name.rfind('>', 0) == 0;
  const std::string plain = name.substr(big ? 1 : 0);
  if (plain == "i1") return H5Tcopy(H5T_STD_I8LE);
  if (plain == "i2") return H5Tcopy(big ? H5T_STD_I16BE : H5T_STD_I16LE);
  if (plain == "i4") return H5Tcopy(big ? H5T_STD_I32BE : H5T_STD_I32LE);
  if (plain == "i8") return H5Tcopy(big ? H5T_STD_I64BE : H5T_STD_I64LE);
  if (plain == "u1") return H5Tcopy(H5T_STD_U8LE);
  if (plain == "u2") return H5Tcopy(big ? H5T_STD_U16BE : H5T_STD_U16LE);
  if (plain == "u4") return H5Tcopy(big ? H5T_STD_U32BE : H5T_STD_U32LE);
  if (plain == "u8") return H5Tcopy(big ? H5T_STD_U64BE : H5T_STD_U64LE);
  if (plain == "f4") return H5Tcopy(big ? H5T_IEEE_F32BE : H5T_IEEE_F32LE);
  if (plain == "f8") return H5Tcopy(big ? H5T_IEEE_F64BE : H5T_IEEE_F64LE);
  if (plain == "f16") return H5Tcopy(H5T_NATIVE_LDOUBLE);
  return H5I_INVALID_HID;
}

hid_t text_type(const std::string& name) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  const auto bytes = std::strtoul(name.c_str() + 4, nullptr, 10);
  H5Tset_size(type, name.size() == 4 ? H5T_VARIABLE : std::clamp<std::size_t>(bytes, 1, 65536));
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

hid_t enum_type() {
  const hid_t type = H5Tenum_create(H5T_STD_U8LE);
  std::uint8_t value = 0;
  for (const char* name : {"none", "by_id", "by_time"}) {
    H5Tenum_insert(type, name, &value);
    ++value;
  }
  return type;
}

hid_t compound_type() {
  const hid_t type = H5Tcreate(H5T_COMPOUND, 12);
  H5Tinsert(type, "id", 0, H5T_STD_I32LE);
  H5Tinsert(type, "value", 4, H5T_IEEE_F64LE);
  return type;
}

}  // namespace

hdf5::TypeHandle described_type(const std::string& name) {
  constexpr hsize_t three = 3;
  if (name.rfind("text", 0) == 0) return hdf5::TypeHandle(text_type(name));
  if (name == "enum") return hdf5::TypeHandle(enum_type());
  if (name == "bits") return hdf5::TypeHandle(H5Tcopy(H5T_STD_B16LE));
  if (name == "opaque") return hdf5::TypeHandle(H5Tcreate(H5T_OPAQUE, 5));
  if (name == "compound") return hdf5::TypeHandle(compound_type());
  if (name == "array") return hdf5::TypeHandle(H5Tarray_create2(H5T_IEEE_F64LE, 1, &three));
  if (name == "list") return hdf5::TypeHandle(H5Tvlen_create(H5T_STD_I32LE));
  if (name == "ref") return hdf5::TypeHandle(H5Tcopy(H5T_STD_REF_OBJ));
  return hdf5::TypeHandle(number_type(name));
}

template <class T>
void DescribedValues::put(std::size_t element, T value) {
  std::memcpy(bytes_.data() + element * sizeof(T), &value, sizeof(T));
}

DescribedValues::DescribedValues(hid_t type, std::size_t elements, std::vector<std::string> words)
    : memory_type_(type), words_(std::move(words)) {
  const auto kind = H5Tget_class(type);
  const bool is_signed = kind == H5T_INTEGER && H5Tget_sign(type) == H5T_SGN_2;
  if (kind == H5T_INTEGER) memory_type_ = is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64;
  if (kind == H5T_FLOAT) memory_type_ = H5T_NATIVE_DOUBLE;
  const std::size_t element_bytes = H5Tget_size(memory_type_);
  // A null pointer is an empty text, and all others take zeros.
  bytes_.assign(std::max<std::size_t>(1, elements) * element_bytes, '\0');
  for (std::size_t i = 0; i < std::min(elements, words_.size()); ++i) {
    const char* word = words_[i].c_str();
    if (kind == H5T_FLOAT)
      put(i, std::strtod(word, nullptr));
    else if (kind == H5T_INTEGER && is_signed)
      put(i, static_cast<std::int64_t>(std::strtoll(word, nullptr, 10)));
    else if (kind == H5T_INTEGER)
      put(i, static_cast<std::uint64_t>(std::strtoull(word, nullptr, 10)));
    else if (kind == H5T_ENUM)
      put(i, static_cast<std::uint8_t>(std::strtoul(word, nullptr, 10)));
    else if (kind == H5T_STRING && H5Tis_variable_str(type) > 0)
      put(i, word);
    else if (kind == H5T_STRING)
      std::memcpy(bytes_.data() + i * element_bytes, word, std::min(words_[i].size(), element_bytes));
  }
}

}  // namespace ranvier::fuzz
