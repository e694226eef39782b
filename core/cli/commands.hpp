#pragma once
#include "core/base/error.hpp"
#include "core/cli/arguments.hpp"
#include "core/session/session.hpp"

/// The commands of `ranvier`. All but run_network and convert_to_sonata use one process and no MPI. They print their result to stdout and
/// throw what goes wrong.
namespace ranvier::cli {

/// The whole program: parses, dispatches, and catches every exception. Returns the exit code.
int main(int argc, char** argv);

/// Simulates under MPI, which it initialises and finalises; catches its own exceptions, since what they mean depends on
/// whether all ranks have them. The models get what they bring for the device that is used.
ExitCode run_network(const RunArguments& arguments, Session& session, int argc, char** argv);

/// What kind of conversion the input asks for.
enum class Conversion { network_to_sonata, sonata_to_network, spikes_to_text };
/// UsageError where the file cannot be read, or options do not go with its kind.
Conversion kind_of(const ConvertArguments& arguments);
/// Writes a network as SONATA, under MPI as run_network.
ExitCode convert_to_sonata(const ConvertArguments& arguments, const Session& session, int argc, char** argv);
/// The other conversions.
ExitCode convert(const ConvertArguments& arguments, const Session& session);

ExitCode validate(const ValidateArguments& arguments, const Session& session);
ExitCode describe(const DescribeArguments& arguments, const Session& session);
ExitCode schema(const Session& session);
ExitCode info(const InfoArguments& arguments);
/// done where the files are the same, runtime where they differ.
ExitCode diff(const DiffArguments& arguments);

}  // namespace ranvier::cli
