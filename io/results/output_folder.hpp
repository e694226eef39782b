#pragma once
#include <string>

#include "comm/mpi/communicator.hpp"

namespace ranvier {

/// Collective. Makes the folder for results, with those above it, and makes sure that a file can be written there.
/// Results that are there stay until a file of the same name replaces them. Throws the same RuntimeError on all ranks
/// with the system's reason; run it before anything that takes long.
void prepare_output_folder(const std::string& folder, const Communicator& comm);

}  // namespace ranvier
