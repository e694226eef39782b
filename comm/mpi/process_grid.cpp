#include "comm/mpi/process_grid.hpp"

#include <fmt/format.h>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

int checked(int replicas, int ranks) {
  if (replicas < 1 || ranks % replicas != 0)
    throw UsageError(
        fmt::format("{} replicas do not divide {} ranks; start a multiple of the replicas", replicas, ranks));
  return replicas;
}

}  // namespace

ProcessGrid::ProcessGrid(const Communicator& world, int replicas)
    : replicas_(checked(replicas, world.size())),
      replica_(world.rank().value / (world.size() / replicas_)),
      shard_(world.split(replica_, world.rank().value)),
      across_(world.split(world.rank().value % (world.size() / replicas_), world.rank().value)) {}

}  // namespace ranvier
