#include "io/sonata/circuit/network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "io/files/guard.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/hdf5/file.hpp"
#include "io/text/json.hpp"
#include "io/text/text_file.hpp"

namespace ranvier::sonata {
namespace {

constexpr std::size_t longest_name = 64, largest_parameters = 1'000'000, largest_table = 64'000'000;

/// As it may be called in a config: other characters become '_'.
std::string as_name(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool good =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    name += good ? c : '_';
  }
  if (name.empty() || !((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z') || name[0] == '_'))
    name = "_" + name;
  return name.substr(0, longest_name);
}

class NetworkReader {
 public:
  NetworkReader(JsonFiles& json, FileFacts& facts) : json_(json), facts_(facts) {}

  Network operator()() {
    read_components();
    const auto all = json_.sections("networks");
    if (all.empty()) json_.mistake(json_.main(), "'networks' is missing: no file of the config contains it");
    nodes_failed_ = all.empty();
    for (const Located& networks : all) {
      json_.check_keys(networks, "networks", {"nodes", "edges"});
      for_each(networks.find("nodes"), "nodes", [&](const Located& entry) { add_nodes(entry); });
    }
    name_populations();
    for (const Located& networks : all)
      for_each(networks.find("edges"), "edges", [&](const Located& entry) { add_edges(entry); });
    // What refers to nodes that could not be read would only be said to be wrong as well.
    if (nodes_failed_) json_.raise_if_any();
    return std::move(network_);
  }

 private:
  void read_components() {
    for (const Located& components : json_.sections("components")) {
      json_.check_keys(
          components, "components",
          {"point_neuron_models_dir", "synaptic_models_dir", "morphologies_dir", "mechanisms_dir",
           "biophysical_neuron_models_dir", "templates_dir", "alternate_morphologies", "spike_trains_dir"});
      for (const auto& [key, folder] :
           {std::pair{"point_neuron_models_dir", &neuron_models_}, std::pair{"synaptic_models_dir", &synapse_models_}})
        if (const Located found = components.find(key); found && folder->empty())
          *folder = json_.path(found, key).value_or("");
    }
  }

  template <class Use>
  void for_each(const Located& list, const char* name, Use use) {
    if (!list) return;
    if (!list.node->is_list())
      return json_.mistake(list, fmt::format("{}: expected a list, got {}", name, what_is(*list.node)));
    for (const auto& item : list.node->items) {
      const Located entry{list.file, &item};
      json_.check_keys(entry, name,
                       {"nodes_file", "node_types_file", "edges_file", "edge_types_file", "populations", "enabled",
                        "target", "source", "name"});
      if (item.is_map() && json_.flag(entry.find("enabled"), "enabled", true)) use(entry);
    }
  }

  std::optional<std::string> file_of(const Located& entry, const char* key) {
    const Located at = entry.find(key);
    if (!at) return std::nullopt;
    // Older files write NULL for none.
    if (at.node->text == "NULL") return std::nullopt;
    auto path = json_.path(at, key);
    if (!path) return std::nullopt;
    if (std::filesystem::is_regular_file(*path)) return path;
    json_.mistake(at, fmt::format("{}: no file '{}'", key, *path));
    return std::nullopt;
  }

  void add_nodes(const Located& entry) {
    if (!entry.find("nodes_file")) return json_.mistake(entry, "'nodes_file' is missing");
    if (!entry.find("node_types_file"))
      return json_.mistake(entry, "'node_types_file' is missing; the node types determine the models");
    const auto file = file_of(entry, "nodes_file"), types = file_of(entry, "node_types_file");
    nodes_failed_ = nodes_failed_ || !file || !types;
    if (!file || !types) return;
    try {
      for (const auto& population : populations_in(facts_, *file, "/nodes"))
        add_population(entry, *file, *types, population);
    } catch (const UsageError& error) {
      nodes_failed_ = true;
      json_.mistake(error.what());
    }
  }

  void add_population(const Located& entry, const std::string& file, const std::string& types_file,
                      const std::string& population) {
    for (const auto& other : network_.types)
      if (other.summary().population == population)
        return json_.mistake(
            entry, fmt::format("the population '{}' of '{}' is also in '{}'", population, file, other.sources().file));
    try {
      const NodeTypes& types =
          network_.types.emplace_back(facts_, NodeSources{file, population, types_file, neuron_models_});
      if (neuron_models_.empty() && !need_no_files(entry, types)) return;
      for (const NodeKind& kind : types.kinds()) {
        if (kind.model) fields_of(facts_, types, kind);  // for what is wrong with them
        network_.populations.push_back({"", &types, &kind, types.kinds().size() == 1, "", origin(entry)});
      }
    } catch (const UsageError& error) {
      nodes_failed_ = true;
      json_.mistake(error.what());
    }
  }

  /// Whether no type names a file that only a missing component would find.
  bool need_no_files(const Located& entry, const NodeTypes& types) {
    for (const NodeKind& kind : types.kinds())
      for (const std::int64_t type : kind.types) {
        const std::string* name = types.table().find(type, "dynamics_params");
        if (!name || !kind.model || std::filesystem::path(*name).is_absolute()) continue;
        nodes_failed_ = true;
        json_.mistake(entry.find("node_types_file"),
                      missing_component("point_neuron_models_dir", "node", type, types.sources().types_file, *name));
        return false;
      }
    return true;
  }

  void name_populations() {
    std::vector<std::string> taken;
    for (CircuitPopulation& p : network_.populations) {
      std::string wanted = p.nodes();
      if (!p.whole) wanted += fmt::format("-{}", p.is_virtual() ? "virtual" : p.kind->model->name);
      wanted = as_name(wanted);
      p.name = wanted;
      for (int n = 2; std::find(taken.begin(), taken.end(), p.name) != taken.end(); ++n) {
        const std::string number = fmt::format("_{}", n);
        p.name = wanted.substr(0, longest_name - number.size()) + number;
      }
      taken.push_back(p.name);
    }
  }

  void add_edges(const Located& entry) {
    if (!entry.find("edges_file")) return json_.mistake(entry, "'edges_file' is missing");
    const auto file = file_of(entry, "edges_file"), types = file_of(entry, "edge_types_file");
    if (!file) return;
    try {
      for (const auto& population : populations_in(facts_, *file, "/edges")) {
        CircuitEdges edges{*file, types.value_or(""), population, "", "", origin(entry)};
        find_ends(edges);
        if (known(entry, edges.source, edges) && known(entry, edges.target, edges)) network_.edges.push_back(edges);
      }
      if (types) check_synapse_models(entry, *types);
    } catch (const UsageError& error) {
      json_.mistake(error.what());
    }
  }

  /// Which populations the edges connect is an attribute of their datasets.
  static void find_ends(CircuitEdges& edges) {
    std::string ends;
    try {
      ends = guard::run(fmt::format("cannot read the edges of '{}' in '{}'", edges.population, edges.file), [&] {
        const auto file = hdf5::File::open(edges.file);
        nlohmann::json found = nlohmann::json::array();
        for (const char* end : {"source", "target"}) {
          const std::string path = fmt::format("/edges/{}/{}_node_id", edges.population, end);
          if (!file.has(path)) throw RuntimeError(fmt::format("'{}' has no dataset '{}'", edges.file, path));
          auto name = hdf5::read_text_attribute(file, path, "node_population");
          if (!name) name = hdf5::read_text_attribute(file, path, "network");  // older files
          if (!name)
            throw RuntimeError(fmt::format("'{}' of '{}' has no attribute 'node_population'", path, edges.file));
          found.push_back(*name);
        }
        // A name that is no text is that of no population.
        return found.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      });
    } catch (const RuntimeError& error) {
      throw UsageError(error.what());
    }
    const auto parsed = nlohmann::json::parse(ends);
    edges.source = parsed.at(0);
    edges.target = parsed.at(1);
  }

  bool known(const Located& entry, const std::string& population, const CircuitEdges& edges) {
    const bool found = std::any_of(network_.types.begin(), network_.types.end(),
                                   [&](const NodeTypes& t) { return t.summary().population == population; });
    // Where nodes could not be read, that has been said.
    if (!found && !nodes_failed_)
      json_.mistake(entry, fmt::format("edges '{}' of '{}' connect the population '{}', which is in no nodes file",
                                       edges.population, edges.file, population));
    return found;
  }

  /// Static synapses have a weight and a delay, which stand in the tables: files of their parameters must be empty.
  void check_synapse_models(const Located& entry, const std::string& types_file) {
    const TypesById table(read_text_file(types_file, largest_table), types_file, "edge_type_id", "");
    for (const std::int64_t type : table.ids()) {
      const std::string* name = table.find(type, "dynamics_params");
      if (!name) continue;
      // All files of components may be in one folder, of which a circuit names only the one use.
      const std::string& folder = synapse_models_.empty() ? neuron_models_ : synapse_models_;
      const auto path = (std::filesystem::path(folder) / *name).string();
      if (std::find(synapses_read_.begin(), synapses_read_.end(), path) != synapses_read_.end()) continue;
      if (synapse_models_.empty() && !states_nothing(path)) {
        json_.mistake(entry.find("edge_types_file"),
                      missing_component("synaptic_models_dir", "edge", type, types_file, *name) +
                          "; static synapses take their weight and delay from the edge types, so that the column may "
                          "also be removed");
        continue;
      }
      synapses_read_.push_back(path);
      const YamlNode root = parse_json(read_text_file(path, largest_parameters), path);
      if (!root.entries.empty())
        json_.mistake(
            fmt::format("{}:{}:{}: parameters of synapses ({}) are not supported; weight and delay belong in "
                        "the edge types",
                        path, root.entries[0].place.line, root.entries[0].place.column, fmt::join(root.keys(), ", ")));
    }
  }

  /// Whether there is such a file, and no parameter in it.
  static bool states_nothing(const std::string& path) {
    if (!std::filesystem::is_regular_file(path)) return false;
    const YamlNode root = parse_json(read_text_file(path, largest_parameters), path);
    return root.is_map() && root.entries.empty();
  }

  static std::string missing_component(const char* key, const char* what, std::int64_t type, const std::string& table,
                                       const std::string& name) {
    return fmt::format(
        "'{}' is missing in components, but the {} type {} of '{}' has the dynamics_params '{}'; add "
        "the folder of that file",
        key, what, type, table, name);
  }

  JsonFiles& json_;
  FileFacts& facts_;
  Network network_;
  bool nodes_failed_ = false;
  std::string neuron_models_, synapse_models_;
  std::vector<std::string> synapses_read_;
};

}  // namespace

Network read_network(JsonFiles& json, FileFacts& facts) { return NetworkReader(json, facts)(); }

}  // namespace ranvier::sonata
