#pragma once
#include "core/base/error.hpp"
#include "core/cli/arguments.hpp"

/// The commands of `ranvier`. All but run_network use one process and no MPI. They print their result to stdout and
/// throw what goes wrong.
namespace ranvier::cli {

/// The whole program: parses, dispatches, and catches every exception. Returns the exit code.
int main(int argc, char** argv);

/// Simulates under MPI, which it initialises and finalises; catches its own exceptions, since what they mean depends on
/// whether all ranks have them.
ExitCode run_network(const RunArguments& arguments, int argc, char** argv);

ExitCode validate(const ValidateArguments& arguments);
ExitCode describe(const DescribeArguments& arguments);
ExitCode schema(const SchemaArguments& arguments);
ExitCode info(const InfoArguments& arguments);
/// done where the files are the same, runtime where they differ.
ExitCode diff(const DiffArguments& arguments);

}  // namespace ranvier::cli
