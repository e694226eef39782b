#include "core/cli/commands.hpp"

#include <csignal>
#include <cstdio>
#include <type_traits>

#include "core/base/launcher.hpp"
#include "core/cli/failure.hpp"

namespace ranvier::cli {
namespace {

ExitCode execute(const Command& command, Session& session, int argc, char** argv) {
  if (const auto* run = std::get_if<RunArguments>(&command)) return run_network(*run, session, argc, argv);
  const auto* conversion = std::get_if<ConvertArguments>(&command);
  if (conversion && kind_of(*conversion) == Conversion::network_to_sonata)
    return convert_to_sonata(*conversion, session, argc, argv);
  // Under mpirun one process answers.
  if (launcher_rank().value_or(0) > 0) return ExitCode::done;
  return std::visit(
      [&](const auto& arguments) {
        using T = std::decay_t<decltype(arguments)>;
        if constexpr (std::is_same_v<T, ValidateArguments>) return validate(arguments, session);
        if constexpr (std::is_same_v<T, DescribeArguments>) return describe(arguments, session);
        if constexpr (std::is_same_v<T, SchemaArguments>) return schema(session);
        if constexpr (std::is_same_v<T, InfoArguments>) return info(arguments);
        if constexpr (std::is_same_v<T, DiffArguments>) return diff(arguments);
        if constexpr (std::is_same_v<T, ConvertArguments>) return convert(arguments, session);
        return ExitCode::done;
      },
      command);
}

}  // namespace

int main(int argc, char** argv) {
  // A file that reaches the limit of the batch system shall be an error with a reason, not a silent end.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const auto request = parse_arguments(argc, argv);
    if (const auto* command = std::get_if<Command>(&request)) {
      Session session;
      const int code = static_cast<int>(execute(*command, session, argc, argv));
      if (std::fflush(stdout) != 0) throw RuntimeError("cannot write to standard output");
      return code;
    }
    if (launcher_rank().value_or(0) == 0) std::fputs(std::get<std::string>(request).c_str(), stdout);
    return static_cast<int>(ExitCode::done);
  } catch (const std::exception& error) {
    // Before MPI starts all processes fail alike: the first one speaks. The others leave quietly with 0, as a launcher
    // kills the rest when one fails, and might not let the first one finish.
    if (launcher_rank().value_or(0) > 0) return static_cast<int>(ExitCode::done);
    std::fflush(stdout);
    std::fprintf(stderr, "ranvier: %s\n", error_text(error).c_str());
    return static_cast<int>(exit_code(error));
  }
}

}  // namespace ranvier::cli
