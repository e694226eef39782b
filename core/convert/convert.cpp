#include "core/convert/convert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>

#include "core/base/error.hpp"
#include "core/build/node_selections.hpp"
#include "core/build/population_builder.hpp"
#include "core/connectivity/rule_registry.hpp"
#include "core/convert/edge_types.hpp"
#include "core/convert/edges_export.hpp"
#include "core/convert/node_types.hpp"
#include "core/convert/sonata_config.hpp"
#include "core/run/run_provenance.hpp"
#include "io/config/resolved.hpp"
#include "io/results/output_folder.hpp"
#include "io/sonata/edges/edges_writer.hpp"
#include "io/sonata/nodes/nodes_writer.hpp"
#include "io/sonata/recordings/spike_writer.hpp"
#include "io/text/text_file.hpp"

namespace ranvier {

namespace {

constexpr const char* nodes_name = "nodes.h5";
constexpr const char* edges_name = "edges.h5";

class NetworkConverter {
 public:
  NetworkConverter(const Config& config, const std::string& folder, const Session& session, const Communicator& comm)
      : config_(config),
        folder_(folder),
        session_(session),
        comm_(comm),
        partition_(config.population_sizes(), comm.size()),
        nodes_(config, comm),
        catalogue_(session.catalogue()),
        written_(config) {}

  ConvertedNetwork operator()() {
    for (std::size_t p = 0; p < config_.populations.size(); ++p)
      node_types_.push_back(
          describe_nodes(written_.populations[p], static_cast<std::int64_t>(p), nodes_name, catalogue_));
    edge_types_ = describe_edges(config_, catalogue_);
    check_rules(config_, session_.rules());
    for (const EdgeType& e : edge_types_) replace_by_edges(written_, e, edges_name);
    prepare_output_folder(folder_, comm_);
    origin_ = provenance_of(config_, "cpu", comm_);
    ConvertedNetwork result;
    result.neurons = partition_.neurons();
    std::optional<NodesWriter> nodes;
    write_nodes(nodes);
    std::optional<EdgesWriter> edges;
    if (!edge_types_.empty()) {
      EdgesExport(config_, session_.rules(), partition_, nodes_, comm_)(edge_types_, path(edges_name), origin_, edges);
      result.synapses = edges->written();
    }
    result.not_in_sonata = not_in_sonata(config_, node_types_, edge_types_);
    if (result.not_in_sonata.empty() ||
        std::any_of(node_types_.begin(), node_types_.end(), [](const NodeType& t) { return t.has_spikes; }))
      write_input_spikes();
    write_texts(result.not_in_sonata.empty());
    nodes->publish();
    if (edges) edges->publish();
    comm_.together([&] {
      if (!comm_.is_root()) return;
      write_text_file(path("network.yaml"), resolved_yaml(written_, catalogue_));
      result.nodes_bytes = hdf5::file_size(path(nodes_name));
      if (edges) result.edges_bytes = hdf5::file_size(path(edges_name));
    });
    return result;
  }

 private:
  std::string path(const std::string& name) const { return (std::filesystem::path(folder_) / name).string(); }

  /// What the build makes of this rank's neurons.
  PopulationPlan plan(std::size_t p) const {
    const PopulationBuilder populations(config_, session_.models(), partition_, nodes_);
    const Partition::Share share = partition_.share(p, comm_.rank());
    PopulationLayout layout;
    layout.name = config_.populations[p].name;
    layout.size = partition_.size(p);
    layout.gid0 = partition_.first_id(p);
    layout.first = share.first;
    layout.count = static_cast<std::uint32_t>(share.count());
    layout.receptors = populations.receptors(p);
    return populations.plan(p, layout);
  }

  void write_nodes(std::optional<NodesWriter>& writer) const {
    std::vector<NodePopulation> populations;
    for (const NodeType& t : node_types_)
      populations.push_back({t.population, config_.find_population(t.population)->size, t.id, t.varying});
    writer.emplace(path(nodes_name), comm_, std::move(populations), origin_);
    for (std::size_t p = 0; p < node_types_.size(); ++p) {
      std::vector<std::vector<double>> values;
      comm_.together([&] { values = varying_values(node_types_[p], plan(p)); });
      const Partition::Share share = partition_.share(p, comm_.rank());
      writer->write(p, share.first, share.count(), values);
    }
    writer->close();
  }

  /// What populations that are given their spikes will emit.
  void write_input_spikes() const {
    std::vector<SpikeWriter::Population> populations;
    std::vector<std::size_t> members;
    for (std::size_t p = 0; p < node_types_.size(); ++p) {
      if (!node_types_[p].is_virtual()) continue;
      populations.push_back({node_types_[p].population, partition_.size(p)});
      members.push_back(p);
    }
    if (members.empty()) return;
    const std::string temporary = path(input_spikes_file) + ".part";
    SpikeWriter writer(temporary, comm_, std::move(populations), config_.dt, config_.duration, origin_);
    comm_.together([&] {
      for (std::size_t i = 0; i < members.size(); ++i) {
        const PopulationPlan given = plan(members[i]);
        std::vector<RecordedSpike> spikes;
        for (std::size_t n = 0; n < given.spike_steps.size(); ++n)
          for (const Step step : given.spike_steps[n])
            if (step <= config_.steps) spikes.push_back({static_cast<std::uint32_t>(i), given.layout.first + n, step});
        writer.append(spikes);
      }
    });
    writer.close(config_.steps);
    comm_.together([&] {
      if (comm_.is_root() && std::rename(temporary.c_str(), path(input_spikes_file).c_str()) != 0)
        throw RuntimeError(fmt::format("cannot write '{}' ({})", path(input_spikes_file), std::strerror(errno)));
    });
  }

  void write_texts(bool simulation) const {
    comm_.together([&] {
      if (!comm_.is_root()) return;
      const std::string components = path("components");
      std::error_code error;
      std::filesystem::create_directories(components, error);
      if (error) throw RuntimeError(fmt::format("cannot create '{}' ({})", components, error.message()));
      for (const NodeType& t : node_types_)
        write_text_file(components + "/" + parameters_file(t), t.parameters.dump(2) + "\n");
      write_text_file(path("node_types.csv"), node_types_csv(node_types_));
      if (!edge_types_.empty()) {
        write_text_file(components + "/" + synapse_parameters_file, "{}\n");
        write_text_file(path("edge_types.csv"), edge_types_csv(edge_types_));
      }
      write_text_file(path("circuit_config.json"), circuit_config(node_types_, edge_types_));
      if (!simulation) return;
      const auto [config, node_sets] = simulation_config(config_, node_types_);
      write_text_file(path("node_sets.json"), node_sets);
      write_text_file(path("simulation_config.json"), config);
    });
  }

  const Config& config_;
  const std::string& folder_;
  const Session& session_;
  const Communicator& comm_;
  Partition partition_;
  NodeSelections nodes_;
  const Catalogue catalogue_;
  Config written_;  ///< the config that network.yaml holds
  std::vector<NodeType> node_types_;
  std::vector<EdgeType> edge_types_;
  Provenance origin_;
};

}  // namespace

ConvertedNetwork convert_network(const Config& config, const std::string& folder, const Session& session,
                                 const Communicator& comm) {
  return NetworkConverter(config, folder, session, comm)();
}

}  // namespace ranvier
