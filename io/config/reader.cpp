#include "io/config/reader.hpp"

#include <cmath>
#include <filesystem>

#include "core/base/error.hpp"
#include "io/config/like.hpp"
#include "io/config/overrides.hpp"
#include "io/config/projections.hpp"
#include "io/config/recording.hpp"
#include "io/config/resolved.hpp"
#include "io/config/sections.hpp"
#include "io/config/values.hpp"
#include "io/sonata/circuit/circuit.hpp"
#include "io/text/text_file.hpp"
#include "io/text/yaml.hpp"

namespace ranvier {
namespace {

void read_simulation(Context& context, const YamlNode& node, Config& config) {
  if (!check_section(context, node, grammar::simulation_section)) return;
  const auto number = [&](const grammar::Key& key, double& into) {
    const YamlNode* at = find(node, key);
    const auto value = at ? read_number(context, *at, {std::string(key.name), key.unit, key.range}) : std::nullopt;
    if (value) into = *value;
    return value.has_value();
  };
  number(grammar::dt, config.dt);
  context.dt = config.dt;
  if (number(grammar::duration, config.duration)) {
    const Place& place = find(node, grammar::duration)->place;
    if (config.duration / config.dt > most_steps)
      context.error(place, "duration: more than 2^53 steps of {} ms", config.dt);
    else if (!on_grid(config.duration, config.dt) || config.duration < 0.5 * config.dt)
      context.error(place, "duration: must be a whole number of steps of {} ms, got {} ms", config.dt, config.duration);
    else
      config.steps = static_cast<Step>(std::llround(config.duration / config.dt));
  }
  if (const YamlNode* seed = find(node, grammar::seed))
    config.seed = read_seed(context, *seed, std::string(grammar::seed.name)).value_or(1);
  if (const YamlNode* precision = find(node, grammar::precision)) {
    const auto& choices = grammar::precision.choices;
    const auto choice = read_choice(context, *precision, "precision", "precision", {choices.begin(), choices.end()});
    config.precision = choice == "single" ? Precision::single : Precision::double_;
  }
}

void read_name(Context& context, const YamlNode& root, Config& config) {
  if (const YamlNode* name = find(root, grammar::name)) {
    if (const auto text = read_text(context, *name, std::string(grammar::name.name)))
      if (check_new_name(context, name->place, *text, "a network")) config.name = *text;
  }
  config.output = "results/" + config.name;
  if (const YamlNode* output = find(root, grammar::output)) {
    config.output = read_text(context, *output, std::string(grammar::output.name)).value_or("");
    if (config.output.starts_with("~") || config.output.find('$') != std::string::npos)
      context.error(
          output->place,
          "output: '{}' would be the name of a folder, since a config is not read by a shell; write the path, "
          "or give --output",
          config.output);
  }
}

/// The name of a network whose config gives none: that of the file, as far as it can be one.
std::string name_from_file(const std::string& file) {
  std::string name;
  for (const char c : std::filesystem::path(file).stem().string()) {
    const bool good =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    name += good ? c : '_';
  }
  if (name.empty() || !((name[0] | 0x20) >= 'a' && (name[0] | 0x20) <= 'z')) name = "network_" + name;
  return name.substr(0, 64);
}

void read_network(Context& context, YamlNode& root, Config& config) {
  static const YamlNode nothing;
  if (const YamlNode* simulation = find(root, grammar::simulation)) read_simulation(context, *simulation, config);
  YamlNode* populations_node = root.find(grammar::populations.name);
  if (populations_node) expand_like(context, *populations_node);
  Populations populations(context, populations_node);
  const auto section = [&](const grammar::Key& key) -> const YamlNode& {
    const YamlNode* node = find(root, key);
    return node ? *node : nothing;
  };
  config.projections = read_projections(context, section(grammar::projections), populations);
  config.inputs = read_inputs(context, section(grammar::inputs), populations);
  config.record = read_record(context, section(grammar::record), populations, config.inputs);
  if (const YamlNode* checkpoint = find(root, grammar::checkpoint))
    config.checkpoint = read_checkpoint(context, *checkpoint);
  config.populations = populations.take();
}

}  // namespace

Config parse_config(const ConfigText& source, const Catalogue& catalogue, const std::vector<std::string>& set,
                    FileFacts& files) {
  Errors errors(source.name, set);
  if (source.translated) errors.take_origins(source.text);
  YamlNode root = parse_yaml(source.text, 0, errors);
  // A tree that breaks off would only yield errors about what is missing.
  errors.raise_if_any();
  if (root.is_null())
    errors.add({}, "the config is empty");
  else if (!root.is_map())
    errors.add(root.place, fmt::format("a config is a map of keys to values, got {}", what_is(root)));
  errors.raise_if_any();
  apply_overrides(root, set, errors);

  Variables variables(root.find(grammar::variables.name), errors);
  Context context{catalogue, errors, variables, files, source.directory};
  Config config;
  config.directory = source.directory;
  config.name = name_from_file(source.name);
  check_section(context, root, grammar::config_section);
  read_name(context, root, config);
  read_network(context, root, config);
  errors.raise_if_any();
  config.resolved_yaml = resolved_yaml(config, catalogue);
  return config;
}

Config parse_config(const std::string& text, const std::string& name, const std::string& directory,
                    const Catalogue& catalogue, const std::vector<std::string>& set) {
  FileFacts files;
  return parse_config({text, name, directory, false}, catalogue, set, files);
}

ConfigText load_config(const std::string& path, FileFacts& files, const std::function<void(const std::string&)>& warn) {
  const std::filesystem::path file(path);
  const std::string directory = file.parent_path().string();
  if (file.extension() == ".json")
    return {sonata::yaml_of_circuit(path, files, warn), path + " as YAML", directory, true};
  // One byte more than allowed, so that parsing can tell and never sees the rest.
  return {read_text_file(path, largest_config + 1), path, directory, false};
}

Config read_config(const std::string& path, const Catalogue& catalogue, const std::vector<std::string>& set) {
  FileFacts files;
  return parse_config(load_config(path, files, [](const std::string&) {}), catalogue, set, files);
}

}  // namespace ranvier
