#pragma once
#include "comm/mpi/communicator.hpp"
#include "core/run/checkpointing.hpp"
#include "core/run/phase_timer.hpp"
#include "core/run/run_loop.hpp"
#include "core/run/run_summary.hpp"

namespace ranvier {

/// Collective. What ran: all of a summary that is known once the network is built.
RunSummary summarise_network(const Config& config, const RunningNetwork& network, const Placement& placement,
                             const Partition& partition, const Communicator& comm);

/// What a summary takes from a run that has ended.
struct EndOfRun {
  Step reached = 0;       ///< step at whose end it ended
  bool complete = false;  ///< that was the step at which it was to end
  double seconds = 0.0;   ///< of wall time
};

/// Collective. Adds what came out and what it cost. The timer has stopped; waiting within exchanges becomes a phase of its own.
void summarise_run(RunSummary& summary, const EndOfRun& end, const RunningNetwork& network, const RunLoop& loop,
                   const Checkpointing& checkpoints, PhaseTimer& timer, const Communicator& comm);

}  // namespace ranvier
