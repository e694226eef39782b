// Commands that tell what this build knows.
#include <cstdio>

#include "core/build/check_values.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/failure.hpp"
#include "core/estimate/estimate.hpp"
#include "core/estimate/resolution.hpp"
#include "core/session/device_session.hpp"
#include "io/config/describe.hpp"
#include "io/config/reader.hpp"
#include "io/config/schema.hpp"
#include "io/datasets/numbers.hpp"

namespace ranvier::cli {
namespace {

ExitCode print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  if (!text.empty() && text.back() != '\n') std::fputs("\n", stdout);
  return ExitCode::done;
}

}  // namespace

ExitCode validate(const ValidateArguments& arguments, const Session& session) {
  FileFacts files;
  const ConfigText source = load_config(arguments.config, files, print_warning);
  const Config config = parse_config(source, session.catalogue(), arguments.set, files);
  check_datasets(config);
  for (const std::string& text : time_step_warnings(config, session.catalogue())) print_warning(text);
  const DeviceSession host;
  const NodeSelections nodes(config);
  check_values(config, session.models(), nodes);
  return print(print_estimate(config, estimate(config, session, nodes, arguments.ranks)));
}

ExitCode describe(const DescribeArguments& arguments, const Session& session) {
  const Catalogue catalogue = session.catalogue();
  return print(arguments.model.empty() ? ranvier::describe(catalogue) : ranvier::describe(catalogue, arguments.model));
}

ExitCode schema(const Session& session) { return print(json_schema(session.catalogue())); }

}  // namespace ranvier::cli
