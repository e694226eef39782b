#pragma once
#include <string>

#include "comm/mpi/communicator.hpp"
#include "io/network/config.hpp"
#include "io/results/provenance.hpp"

namespace ranvier {

/// What the files of a run of this config say about their origin. Collective: date and id are those of rank 0.
Provenance provenance_of(const Config& config, const std::string& device, const Communicator& comm);

}  // namespace ranvier
