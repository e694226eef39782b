#pragma once
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/session/session.hpp"
#include "io/network/config.hpp"

namespace ranvier::cli {

/// Collective. Rank 0 alone opens the config and what it names: one set of messages, and no storm on the file system. All
/// parse the same text, with what rank 0 found out about other files. Throws the same UsageError on all ranks.
Config read_on_all(const std::string& path, const std::vector<std::string>& set, const Session& session,
                   const Communicator& comm);

}  // namespace ranvier::cli
