#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "io/hdf5/shared_file.hpp"
#include "io/results/provenance.hpp"

namespace ranvier {

/// Edges of one type between two node populations.
struct EdgePopulation {
  std::string name;
  std::string source, target;              ///< node populations
  std::uint64_t sources = 0, targets = 0;  ///< their sizes
  std::int64_t type = 0;                   ///< edge_type_id
  bool has_weights = false;                ///< one per edge; else the edge type says it
  bool has_delays = false;
  std::string weight_unit;
  double expected = 0.0;  ///< edges; sets the size of chunks only
};

/// The edges of one population onto this rank's targets.
struct TargetEdges {
  /// Of a target's edges, in their order; asked for once per target, ascending. Valid until the next call.
  using Values = std::function<std::span<const double>(std::size_t target)>;

  int place = 0;  ///< where this rank's targets stand among those of all ranks: 0 where they are the first
  std::uint64_t first_target = 0;
  std::span<const std::uint64_t> begin;  ///< targets + 1: edges of target first_target + t are begin[t] to begin[t + 1]
  std::span<const std::uint32_t> sources;  ///< one per edge
  Values weights, delays;                  ///< in the weight's unit, ms; empty where the population has none
};

/// Writes edges of all ranks into one SONATA file: every population sorted by target, with both indices. Within a target
/// edges keep their order. The file is the same, to the byte of its datasets, however targets are spread over ranks.
/// Besides the edges themselves a rank needs some 100 MB, whatever the size of the network.
class EdgesWriter {
 public:
  /// Collective. Throws RuntimeError where a name cannot be one of a group.
  EdgesWriter(std::string path, const Communicator& comm, std::vector<EdgePopulation> populations,
              const Provenance& provenance);

  /// Collective; once for each population.
  void write(std::size_t population, const TargetEdges& edges);
  /// Collective: completes the file, which then waits for its name.
  void close() { file_.close(); }
  void publish() { file_.publish(); }
  std::uint64_t written() const { return written_; }  ///< edges of all ranks

 private:
  void write_columns(const EdgePopulation& population, const TargetEdges& edges, std::uint64_t first);

  std::vector<EdgePopulation> populations_;
  std::uint64_t written_ = 0;
  SharedFile file_;
};

}  // namespace ranvier
