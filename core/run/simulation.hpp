#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "comm/exchange/spike_exchange.hpp"
#include "comm/mpi/communicator.hpp"
#include "core/run/control.hpp"
#include "core/run/run_summary.hpp"
#include "core/session/session.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// What the command line may override.
struct RunOptions {
  Device device = Device::cpu;
  ExchangeKind exchange = ExchangeKind::automatic;
  std::optional<Precision> precision;
  std::string output;                            ///< empty: as in the config
  std::optional<double> until_ms;                ///< stop at this time instead of the config's duration
  std::string restart;                           ///< checkpoint to go on from, or a folder with some; empty: none
  std::function<void(const std::string&)> warn;  ///< called on rank 0; may be empty
};

enum class RunStatus { complete, stopped };

/// One network, from its config to its files. All members are collective over the communicator; it and
/// the session must outlive the simulation.
///
///   Simulation simulation(config, options, session, comm);
///   simulation.build();
///   RunStatus status = simulation.run(control);
///   print(simulation.summary());
class Simulation {
 public:
  Simulation(Config config, RunOptions options, const Session& session, const Communicator& comm);
  ~Simulation();
  Simulation(Simulation&&) noexcept;

  /// Places the neurons, connects them, and hands them to the device. Throws UsageError for a config that only the
  /// build can see to be wrong (drawn parameters out of range), RuntimeError for files and memory.
  void build();

  /// Runs to the end, or until the control says stop; the outputs are complete and closed either way.
  RunStatus run(RunControl& control);

  /// After build(): the network; after run(): everything.
  const RunSummary& summary() const;

  /// Where the last checkpoint is; empty where none was written.
  const std::string& last_checkpoint() const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ranvier
