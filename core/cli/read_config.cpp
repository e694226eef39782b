#include "core/cli/read_config.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "core/base/error.hpp"
#include "core/simulation.hpp"
#include "io/config/reader.hpp"
#include "io/numbers.hpp"

namespace ranvier::cli {

Config read_on_all(const std::string& path, const std::vector<std::string>& set, const Communicator& comm) {
  std::optional<Config> config;
  std::string text, problem;
  if (comm.is_root()) {
    try {
      config = read_config(path, full_catalogue(), set);
      check_datasets(*config);
      std::ostringstream whole;
      whole << std::ifstream(path, std::ios::binary).rdbuf();
      text = whole.str();
    } catch (const UsageError& error) {
      problem = error.what();
    }
  }
  problem = comm.broadcast(std::move(problem));
  if (!problem.empty()) throw UsageError(problem);
  text = comm.broadcast(std::move(text));
  if (!config) {
    const auto directory = std::filesystem::path(path).parent_path().string();
    config = parse_config(text, path, directory, full_catalogue(), set);
  }
  return std::move(*config);
}

}  // namespace ranvier::cli
