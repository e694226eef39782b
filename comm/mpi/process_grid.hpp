#pragma once
#include "comm/mpi/communicator.hpp"

namespace ranvier {

/// The grid replicas x shards: one network lies over the shards of a replica, trials or batches over the replicas.
/// Ranks of a replica are neighbours in the world, so that the heavy traffic (spikes) stays within nodes.
class ProcessGrid {
 public:
  /// Collective over `world`. Throws a UsageError on all ranks where `replicas` does not divide the number of ranks.
  explicit ProcessGrid(const Communicator& world, int replicas = 1);

  int replicas() const { return replicas_; }
  int shards() const { return shard_.size(); }
  /// Which replica this rank works for.
  int replica() const { return replica_; }
  /// The ranks that hold one network together.
  const Communicator& shard() const { return shard_; }
  /// The ranks that hold the same shard of every replica (gradients and statistics are reduced here).
  const Communicator& across() const { return across_; }

 private:
  int replicas_, replica_;
  Communicator shard_, across_;
};

}  // namespace ranvier
