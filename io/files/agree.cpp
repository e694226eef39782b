#include "io/files/agree.hpp"

#include <limits>

#include "core/base/error.hpp"

namespace ranvier {

void agree(MPI_Comm comm, const std::string& error) {
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  int failed = error.empty() ? std::numeric_limits<int>::max() : rank;
  MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MIN, comm);
  if (failed == std::numeric_limits<int>::max()) return;
  std::string text = error;
  int length = static_cast<int>(text.size());
  MPI_Bcast(&length, 1, MPI_INT, failed, comm);
  text.resize(static_cast<std::size_t>(length));
  MPI_Bcast(text.data(), length, MPI_CHAR, failed, comm);
  if (size > 1 && failed > 0) text = "rank " + std::to_string(failed) + ": " + text;
  throw RuntimeError(text);
}

}  // namespace ranvier
