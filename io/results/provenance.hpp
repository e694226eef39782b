#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "io/hdf5/file.hpp"

namespace ranvier {

/// Where a result came from. Every file carries it; comparisons of results leave it out.
struct Provenance {
  std::string version;   ///< of Ranvier
  std::string git_hash;  ///< of the source, with "-dirty" where it was changed
  std::string build;     ///< compiler, flags, Kokkos version and devices
  std::string config;    ///< the config as resolved (YAML)
  std::uint64_t seed = 0;
  int ranks = 1;
  std::string device;     ///< such as "cpu (Serial)"
  std::string precision;  ///< "single" or "double"
  std::string date;       ///< of the start of the run, ISO 8601
  std::string run_id;     ///< random, the same in all files that one run creates
};

/// The time now as ISO 8601 in UTC, to the second.
std::string date_now();

/// 16 random hexadecimal digits.
std::string new_run_id();

/// Group `/provenance` with attributes, and the config as the dataset `/provenance/config`.
void write_provenance(hdf5::File& file, const Provenance& provenance);
/// Nothing where the file has none.
std::optional<Provenance> read_provenance(const hdf5::File& file);
/// A few lines for people; without the config.
std::string describe(const Provenance& provenance);

void to_json(nlohmann::ordered_json& json, const Provenance& provenance);
void from_json(const nlohmann::ordered_json& json, Provenance& provenance);

}  // namespace ranvier
