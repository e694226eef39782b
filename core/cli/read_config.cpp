#include "core/cli/read_config.hpp"

#include <optional>

#include "core/base/error.hpp"
#include "core/cli/failure.hpp"
#include "io/config/reader.hpp"
#include "io/datasets/numbers.hpp"

namespace ranvier::cli {

Config read_on_all(const std::string& path, const std::vector<std::string>& set, const Session& session,
                   const Communicator& comm) {
  std::optional<Config> config;
  ConfigText source;
  FileFacts files;
  std::string problem;
  if (comm.is_root()) {
    try {
      source = load_config(path, files, print_warning);
      config = parse_config(source, session.catalogue(), set, files);
      check_datasets(*config);
    } catch (const UsageError& error) {
      problem = error.what();
    }
  }
  problem = comm.broadcast(std::move(problem));
  if (!problem.empty()) throw UsageError(problem);
  for (std::string* text : {&source.text, &source.name, &source.directory}) *text = comm.broadcast(std::move(*text));
  FileFacts known(comm.broadcast(files.packed()));
  return config ? std::move(*config) : parse_config(source, session.catalogue(), set, known);
}

}  // namespace ranvier::cli
