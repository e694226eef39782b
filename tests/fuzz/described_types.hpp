#pragma once
#include <string>
#include <vector>

#include "io/hdf5/handle.hpp"

namespace ranvier::fuzz {

/// The HDF5 type of a name in a description (described_files.hpp); none where there is no such name.
hdf5::TypeHandle described_type(const std::string& name);

/// Values of a dataset or an attribute as they lie in memory; words that are missing or no numbers stand for zero.
class DescribedValues {
 public:
  DescribedValues(hid_t type, std::size_t elements, std::vector<std::string> words);
  hid_t memory_type() const { return memory_type_; }
  const void* data() const { return bytes_.data(); }

 private:
  template <class T>
  void put(std::size_t element, T value);

  hid_t memory_type_;
  std::vector<std::string> words_;  ///< texts of variable length lie here
  std::vector<char> bytes_;
};

}  // namespace ranvier::fuzz
