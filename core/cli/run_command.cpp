#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "core/cli/commands.hpp"
#include "core/cli/failure.hpp"
#include "core/cli/read_config.hpp"
#include "core/cli/summary_table.hpp"
#include "core/estimate/resolution.hpp"
#include "core/run/control.hpp"
#include "core/run/progress.hpp"
#include "core/run/simulation.hpp"
#include "core/session/device_session.hpp"

namespace ranvier::cli {
namespace {

RunOptions options_of(const RunArguments& arguments) {
  RunOptions options;
  options.device = arguments.device;
  options.exchange = arguments.exchange;
  options.precision = arguments.precision;
  options.output = arguments.output;
  options.until_ms = arguments.until_ms;
  options.restart = arguments.restart;
  options.warn = print_warning;
  return options;
}

void print_on_root(const Communicator& comm, const std::string& text) {
  if (!comm.is_root()) return;
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

ExitCode simulate(const RunArguments& arguments, const Session& session, const Communicator& comm,
                  std::optional<Simulation>& simulation) {
  std::optional<Progress> progress;
  if (comm.is_root()) progress.emplace();
  RunControl control(comm, {.max_walltime_s = arguments.max_walltime_s, .progress = progress ? &*progress : nullptr});
  Config config = read_on_all(arguments.config, arguments.set, session, comm);
  if (comm.is_root())
    for (const std::string& text : time_step_warnings(config, session.catalogue())) print_warning(text);
  simulation.emplace(std::move(config), options_of(arguments), session, comm);
  simulation->build();
  print_on_root(comm, heading(simulation->summary()));
  const RunStatus status = simulation->run(control);
  print_on_root(comm, summary_table(simulation->summary()));
  if (status == RunStatus::complete) return ExitCode::done;
  print_on_root(comm,
                fmt::format("\nStopped at {:g} ms ({}). To continue, run the same command with --restart {}\n",
                            simulation->summary().until_ms, control.reason_text(), simulation->last_checkpoint()));
  return ExitCode::resubmit;
}

}  // namespace

ExitCode run_network(const RunArguments& arguments, Session& session, int argc, char** argv) {
  MpiSession mpi(argc, argv);
  const SignalGuard signals;
  const auto world = Communicator::world();
  const auto for_failures = world.duplicate();
  std::optional<DeviceSession> device;
  // Outlives the try block: closing its files waits for the other ranks, which after a failure must be heard first.
  std::optional<Simulation> simulation;
  try {
    device.emplace(arguments.device, session, world);
    if (world.is_root() && !device->why_not().empty()) print_warning("computes on the cpu, since " + device->why_not());
    return simulate(arguments, session, world, simulation);
  } catch (const std::exception& error) {
    return fail(for_failures, error);
  }
}

}  // namespace ranvier::cli
