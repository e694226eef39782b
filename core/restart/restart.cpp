#include "core/restart/restart.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/version.hpp"
#include "core/restart/checkpoint.hpp"
#include "io/config/differences.hpp"
#include "io/config/resolved.hpp"

namespace ranvier {
namespace {

constexpr std::size_t most_told = 8;

void check_config(const checkpoint::CheckpointFile& file, const Config& config, const Catalogue& catalogue) {
  auto differences = config_differences(file.header().network, network_text(config, catalogue));
  if (differences.empty()) return;
  const std::size_t count = differences.size();
  if (count > most_told) {
    differences.resize(most_told);
    differences.push_back(fmt::format("and {} more", count - most_told));
  }
  throw UsageError(fmt::format("'{}' belongs to another network (checkpoint / config):\n  {}", file.path(),
                               fmt::join(differences, "\n  ")));
}

void check_time(const checkpoint::CheckpointFile& file, const Config& config, Step last) {
  const Step step = file.header().step;
  if (step > last)
    throw UsageError(fmt::format("'{}' is at {:g} ms, but the run ends at {:g} ms", file.path(),
                                 static_cast<double>(step) * config.dt, static_cast<double>(last) * config.dt));
}

void check_version(const checkpoint::CheckpointFile& file) {
  const Provenance& by = file.header().provenance;
  if (by.version != version())
    throw UsageError(fmt::format("'{}' was written by version {}; this is {}", file.path(), by.version, version()));
}

}  // namespace

checkpoint::CheckpointFile open_restart(const std::string& path, const Config& config, const Catalogue& catalogue,
                                        Step last, const Communicator& comm,
                                        const std::function<void(const std::string&)>& warn) {
  const auto tell = [&](const std::string& text) {
    if (comm.is_root() && warn) warn(text);
  };
  const checkpoint::RestartFile found = checkpoint::find_whole(path, comm);
  if (!found.warning.empty()) tell(found.warning);
  std::optional<checkpoint::CheckpointFile> file;
  comm.together([&] {
    file.emplace(found.path);
    check_version(*file);
    check_config(*file, config, catalogue);
    check_time(*file, config, last);
  });
  const std::string files = hashes_of_data(config, comm);
  if (files != file->header().files)
    throw UsageError(fmt::format("'{}' was saved by a network made from other data:\n  {}", found.path,
                                 fmt::join(config_differences(file->header().files, files), "\n  ")));
  if (const Provenance& by = file->header().provenance; by.git_hash != git_hash() || by.build != build_description())
    tell(
        fmt::format("'{}' was written by another build ({}, {}); spikes are the same to the bit only where the code is",
                    found.path, by.git_hash, by.build));
  return std::move(*file);
}

}  // namespace ranvier
