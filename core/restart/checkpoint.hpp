#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "core/build/partition.hpp"
#include "core/catalogue/catalogue.hpp"
#include "io/checkpoint/checkpoint_file.hpp"
#include "io/network/config.hpp"
#include "kernels/engine/engine.hpp"

namespace ranvier {

/// The receptors of a population: their names, and what one unit of the ring's integers is.
struct PortShape {
  std::string name;
  double unit = 1.0;
};
using Ports = std::vector<std::vector<PortShape>>;  ///< by population

template <class Real>
Ports ports_of(const RankNetwork<Real>& network) {
  Ports ports;
  for (const PopulationPlan& plan : network.populations) {
    ports.emplace_back();
    for (const ReceptorPlan& receptor : plan.receptors) ports.back().push_back({receptor.name, receptor.inverse_scale});
  }
  return ports;
}

/// Saves the state of a built network and restores it, on any number of ranks. Arrays are in the order of global ids, so
/// that nothing in the file depends on who wrote it. All members are collective.
class Checkpoint {
 public:
  /// The config with what the command line overrides; everything must outlive the checkpoint.
  Checkpoint(const Config& config, Catalogue catalogue, const Layout& layout, Ports ports, const Partition& partition,
             const Communicator& comm);

  /// The state at the end of `step`, after everything that was emitted until then has been delivered. Returns bytes.
  std::uint64_t save(NetworkState& network, Step step, const std::vector<checkpoint::FileImage>& recordings,
                     const Provenance& provenance);

  /// Puts a state that was checked (core/restart/restart.hpp) into a network as it was built.
  void restore(NetworkState& network, const checkpoint::CheckpointFile& file);

 private:
  void name_states(const NetworkState& network);
  std::vector<Step> steps_with_arrivals(NetworkState& network, std::size_t population, std::uint32_t receptor,
                                        Step step) const;
  void restore_arrivals(NetworkState& network, const checkpoint::CheckpointFile& file, std::size_t population,
                        std::uint32_t receptor) const;
  std::string port_name(std::size_t population, std::uint32_t receptor) const;
  checkpoint::Series units() const;

  const Config& config_;
  Catalogue catalogue_;
  const Layout& layout_;
  Ports ports_;
  const Partition& partition_;
  const Communicator& comm_;
  std::vector<std::vector<std::string>> states_;  ///< by population: names, the same on all ranks
  std::optional<std::string> files_;              ///< hashes of the files that the network was made from, once known
};

/// A line for each file that a config takes data from: its hash and its path. Collective.
std::string hashes_of_data(const Config& config, const Communicator& comm);

}  // namespace ranvier
