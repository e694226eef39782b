#include "io/network/data_files.hpp"

#include <filesystem>
#include <set>

namespace ranvier {

std::vector<std::string> data_files(const Config& config) {
  std::set<std::string> files;
  const auto add = [&](const std::string& file) {
    if (file.empty()) return;
    const std::filesystem::path path(file);
    files.insert(path.is_relative() ? (std::filesystem::path(config.directory) / path).string() : file);
  };
  const auto add_values = [&](const ValueMap& values) {
    for (const auto& [name, value] : values)
      if (const auto* dataset = std::get_if<Dataset>(&value)) add(dataset->file);
  };
  for (const auto& p : config.populations) {
    add_values(p.params);
    add_values(p.init);
    for (const auto& r : p.receptors) add_values(r.params);
    if (p.spike_file) add(p.spike_file->file);
    if (!p.nodes) continue;
    add(p.nodes->file);
    add(p.nodes->types_file);
    for (const std::string& file : p.nodes->parameter_files) add(file);
  }
  for (const auto& p : config.projections) {
    add_values({{"weight", p.weight}, {"delay", p.delay}});
    if (!p.edges) continue;
    add(p.edges->file);
    add(p.edges->types);
  }
  for (const auto& i : config.inputs) {
    add_values(i.params);
    if (i.times_file) add(i.times_file->file);
  }
  return {files.begin(), files.end()};
}

}  // namespace ranvier
