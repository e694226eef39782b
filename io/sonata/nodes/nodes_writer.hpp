#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "io/hdf5/shared_file.hpp"
#include "io/results/provenance.hpp"

namespace ranvier {

/// Nodes of one type, numbered from 0.
struct NodePopulation {
  struct Parameter {
    std::string name, unit;
  };
  std::string name;
  std::uint64_t size = 0;
  std::int64_t type = 0;              ///< node_type_id
  std::vector<Parameter> parameters;  ///< those that are not the same for all: `0/dynamics_params/<name>`
};

/// Where a population's values of a parameter stand in a file of nodes.
std::string parameter_path(const std::string& population, const std::string& parameter);

/// Writes nodes of all ranks into one SONATA file.
class NodesWriter {
 public:
  /// Collective. Throws RuntimeError where a name cannot be one of a group or dataset.
  NodesWriter(std::string path, const Communicator& comm, std::vector<NodePopulation> populations,
              const Provenance& provenance);

  /// Collective; once for each population, of which this rank has nodes [first, first + count). `values`: by parameter,
  /// `count` numbers each.
  void write(std::size_t population, std::uint64_t first, std::uint64_t count,
             std::span<const std::vector<double>> values);
  /// Collective: completes the file, which then waits for its name.
  void close() { file_.close(); }
  void publish() { file_.publish(); }

 private:
  std::vector<NodePopulation> populations_;
  SharedFile file_;
};

}  // namespace ranvier
