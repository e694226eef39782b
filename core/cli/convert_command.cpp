// From one kind of file to another: a network to SONATA, SONATA to a network, spikes to text.
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "core/base/clock.hpp"
#include "core/base/readable.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/failure.hpp"
#include "core/cli/read_config.hpp"
#include "core/convert/convert.hpp"
#include "core/run/run_summary.hpp"
#include "core/session/device_session.hpp"
#include "io/config/reader.hpp"
#include "io/config/resolved.hpp"
#include "io/datasets/numbers.hpp"
#include "io/sonata/recordings/spike_text.hpp"
#include "io/text/text_file.hpp"

namespace ranvier::cli {
namespace {

bool is_hdf5(const std::string& path) {
  constexpr std::array<char, 8> signature{'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
  std::array<char, 8> first{};
  std::ifstream(path, std::ios::binary).read(first.data(), first.size());
  return first == signature;
}

void refuse_options_of_networks(const ConvertArguments& arguments) {
  if (!arguments.set.empty() || arguments.precision)
    throw UsageError(fmt::format("'{}' holds spikes: --{} is for networks only", arguments.input,
                                 arguments.precision ? "precision" : "set"));
}

void apply_precision(Config& config, const ConvertArguments& arguments, const Session& session) {
  if (!arguments.precision) return;
  config.precision = *arguments.precision;
  config.resolved_yaml = resolved_yaml(config, session.catalogue());
}

ExitCode write_as_sonata(const ConvertArguments& arguments, const Session& session, const Communicator& comm) {
  const auto begin = Clock::now();
  Config config = read_on_all(arguments.input, arguments.set, session, comm);
  apply_precision(config, arguments, session);
  const ConvertedNetwork done = convert_network(config, arguments.output, session, comm);
  const double seconds = seconds_since(begin);
  const std::uint64_t memory = comm.max(peak_memory_bytes());
  if (!comm.is_root()) return ExitCode::done;
  fmt::print("{}: {} neurons, {} synapses -> {}\n", config.name, readable_count(done.neurons),
             readable_count(done.synapses), arguments.output);
  fmt::print("  nodes.h5 {}, edges.h5 {}; {:.1f} s, at most {} per rank\n",
             readable_bytes(static_cast<double>(done.nodes_bytes)),
             readable_bytes(static_cast<double>(done.edges_bytes)), seconds,
             readable_bytes(static_cast<double>(memory)));
  if (!done.not_in_sonata.empty())
    fmt::print("  no simulation_config.json, because SONATA cannot express: {}\n", done.not_in_sonata);
  fmt::print("  to simulate this network: ranvier run {}\n",
             (std::filesystem::path(arguments.output) / "network.yaml").string());
  return ExitCode::done;
}

/// The text must be a network of ours, and have all that it names, before it is written.
ExitCode write_as_yaml(const ConvertArguments& arguments, const Session& session) {
  FileFacts files;
  const ConfigText network = load_config(arguments.input, files, print_warning);
  Config config = parse_config(network, session.catalogue(), arguments.set, files);
  apply_precision(config, arguments, session);
  check_datasets(config);
  write_text_file(arguments.output, config.resolved_yaml);
  fmt::print("{}: {} populations, {} projections -> {}\n", config.name, config.populations.size(),
             config.projections.size(), arguments.output);
  return ExitCode::done;
}

}  // namespace

Conversion kind_of(const ConvertArguments& arguments) {
  std::error_code error;
  const auto status = std::filesystem::status(arguments.input, error);
  const auto fail = [&](const std::string& why) { throw UsageError(fmt::format("{}: {}", arguments.input, why)); };
  if (!std::filesystem::exists(status)) fail("there is no such file");
  if (std::filesystem::is_directory(status))
    fail("is a folder; give a network (YAML), a simulation_config.json, or a file of spikes (HDF5)");
  if (is_hdf5(arguments.input)) {
    refuse_options_of_networks(arguments);
    return Conversion::spikes_to_text;
  }
  if (std::filesystem::path(arguments.input).extension() == ".json") return Conversion::sonata_to_network;
  return Conversion::network_to_sonata;
}

ExitCode convert_to_sonata(const ConvertArguments& arguments, const Session& session, int argc, char** argv) {
  MpiSession mpi(argc, argv);
  const auto world = Communicator::world();
  const auto for_failures = world.duplicate();
  std::optional<DeviceSession> device;
  try {
    device.emplace();
    return write_as_sonata(arguments, session, world);
  } catch (const std::exception& error) {
    return fail(for_failures, error);
  }
}

ExitCode convert(const ConvertArguments& arguments, const Session& session) {
  if (kind_of(arguments) == Conversion::sonata_to_network) return write_as_yaml(arguments, session);
  const std::uint64_t spikes = write_spike_text(arguments.input, arguments.output);
  fmt::print("{} spikes -> {}\n", spikes, arguments.output);
  return ExitCode::done;
}

}  // namespace ranvier::cli
