#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "io/hdf5/file.hpp"

/// Names and numbers of the SONATA format (AllenInstitute/sonata, developer guide 0.1) that reader and writer share.
namespace ranvier::sonata {

inline constexpr std::uint32_t magic = 0x0A7A;

enum class Sorting : std::uint8_t { none = 0, by_id = 1, by_time = 2 };

/// The names under which the format stores `Sorting`.
inline const std::vector<std::string>& sorting_names() {
  static const std::vector<std::string> names{"none", "by_id", "by_time"};
  return names;
}

/// `magic` and `version` of the root.
void write_signature(hdf5::File& file);

/// Throws RuntimeError where a population cannot name a group: empty, ".", or with a slash.
void check_population_name(const std::string& name);

}  // namespace ranvier::sonata
