#pragma once
#include <functional>
#include <optional>
#include <string>

#include "comm/mpi/communicator.hpp"
#include "core/catalogue/catalogue.hpp"
#include "io/checkpoint/checkpoint_file.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// Opens the checkpoint that a run is to go on from, and checks that the run is the same: version, config but for its
/// duration, its outputs and when it saves, precision, and the files that it takes data from. Collective. `warn` is called
/// on rank 0. UsageError with all differences where it is another run; RuntimeError where no checkpoint is whole.
checkpoint::CheckpointFile open_restart(const std::string& path, const Config& config, const Catalogue& catalogue,
                                        Step last, const Communicator& comm,
                                        const std::function<void(const std::string&)>& warn);

}  // namespace ranvier
