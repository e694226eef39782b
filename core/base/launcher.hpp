#pragma once
#include <optional>

namespace ranvier {

/// This process's rank as its launcher (mpirun, srun) tells it, without MPI; nothing where none tells.
std::optional<int> launcher_rank();

}  // namespace ranvier
