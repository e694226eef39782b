// Commands that look at files of results.
#include <cstdio>

#include "core/base/printable.hpp"
#include "core/cli/commands.hpp"
#include "io/sonata/inspect/diff.hpp"
#include "io/sonata/inspect/info.hpp"

namespace ranvier::cli {

ExitCode info(const InfoArguments& arguments) {
  std::fputs(printable(ranvier::info(arguments.file)).c_str(), stdout);
  return ExitCode::done;
}

ExitCode diff(const DiffArguments& arguments) {
  const DiffResult result = ranvier::diff(arguments.left, arguments.right);
  const auto code = static_cast<ExitCode>(result.exit_code);
  std::fputs(printable(result.text).c_str(), code == ExitCode::usage ? stderr : stdout);
  return code;
}

}  // namespace ranvier::cli
