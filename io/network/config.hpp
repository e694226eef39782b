#pragma once
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/value.hpp"

/// A network as the user wrote it, checked and resolved: plain data in default units (ms, mV, pA, nS, pF, um, Hz).
/// Everything that refers to a model (names, dimensions, ranges, required fields) has been checked against the catalogue.
namespace ranvier {

enum class Precision { single, double_ };
enum class Device { cpu, gpu, automatic };

/// A model of the catalogue with the parameters that the config gives it.
struct ModelReference {
  std::string model;
  ValueMap params{};
};

/// `params` includes E_rev where given: its presence makes the receptor a conductance.
struct ReceptorConfig : ModelReference {
  std::string name;  ///< what projections refer to
};

/// A population that is read from a SONATA nodes file: those nodes of `/nodes/<population>` that are of one of the node
/// types, in the order of their ids; all where `types` is empty.
struct NodesConfig {
  std::string file, population;
  std::uint64_t size = 0;             ///< nodes of the whole SONATA population
  std::vector<std::int64_t> types{};  ///< node_type_id, ascending
  // How the config names it; parameters, receptors and initial values have been made of this.
  std::string types_file{};                    ///< CSV of node types
  std::string components{};                    ///< folder of the JSON files under dynamics_params
  std::string model_template{};                ///< `nest:iaf_psc_alpha`, `virtual`; empty where the nodes have only one
  std::vector<std::string> parameter_files{};  ///< those JSON files
  std::vector<std::string> given{};            ///< what the config says itself: `params.V_th`, `init.V_m`, `integrator`
};

struct PopulationConfig {
  std::string name;
  std::optional<NodesConfig> nodes;
  std::uint64_t size = 0;
  std::string model;
  std::string integrator;   ///< one of the model's; empty where it has no choice
  double tolerance = 1e-6;  ///< of an integrator that chooses its own steps
  ValueMap params;
  ValueMap init;
  std::vector<ReceptorConfig> receptors;  ///< in the order of the config
  /// Sources only, `spike_times`: times in ms, one list per neuron, or a dataset pair in `spike_file`.
  std::vector<std::vector<double>> spike_times;
  std::optional<Dataset> spike_file;  ///< SONATA spikes: file (HDF5 or CSV) and population path `/spikes/<name>`
};

/// Synapses that are read from a SONATA edges file, for rule `edges`: those of `/edges/<population>`.
struct EdgesConfig {
  enum class Sign { any, positive, negative };
  std::string file, population;
  std::string types;             ///< CSV of edge types; empty: none
  Sign sign = Sign::any;         ///< of the weights of the edges that are taken; 0 is positive
  bool magnitude = false;        ///< weights are taken without their sign: the receptor is a conductance
  bool weight_from_file = true;  ///< else the projection's own; where the file has none, 1
  bool delay_from_file = true;   ///< else the projection's own; where the file has none, 1 ms
};

/// One source population onto one receptor of one target population. Lists in a config are expanded.
struct ProjectionConfig {
  std::string source, target, receptor;
  std::string signal;                ///< the state of the source that is sent continuously; empty: spikes are sent
  ModelReference rule;               ///< who is connected to whom
  ModelReference synapse{"static"};  ///< what a synapse does with a spike
  Value weight = 1.0;                ///< in the receptor's unit
  Value delay = 1.0;                 ///< ms
  std::optional<EdgesConfig> edges;  ///< of rule `edges`
  /// Identifies the projection for its random draws: "source>target:receptor#k", k counting projections with the same
  /// three names in the order of the config. Results do not depend on the order of projections otherwise.
  std::string key;
};

/// An input onto one target population. `params` holds what the input model's fields name.
struct InputConfig {
  std::string type;  ///< from the catalogue
  std::string name;  ///< what recordings call its states; empty where the config gives none
  std::string target;
  std::string receptor;  ///< empty for currents
  ValueMap params;
  std::vector<double> times;   ///< Form::times: spikes, steps of a current; ms
  std::vector<double> values;  ///< Form::series: amplitudes of a step current
  std::optional<Dataset> times_file;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ids;  ///< half-open ranges within the target; empty: all
  std::string key;                                           ///< as for projections: "type>target:receptor#k"
};

struct TraceConfig {
  std::string population;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ids;  ///< half-open ranges within the population; empty: all
  std::vector<std::string> variables;                        ///< `V_m`, or `receptor.variable`
  Step every = 1;                                            ///< in steps
  bool double_precision = false;                             ///< float64 instead of SONATA's float32
  std::string file{};                                        ///< name in the output folder; empty: by what it holds
};

struct RecordConfig {
  std::vector<std::string> spikes;        ///< population names
  std::string spikes_file = "spikes.h5";  ///< name in the output folder
  std::vector<TraceConfig> traces;
};

struct CheckpointConfig {
  double every_ms = 0.0;      ///< biological time; 0: only on signals
  double every_wall_s = 0.0;  ///< wall time; 0: none
  int keep = 2;
};

struct Config {
  std::string name;
  double duration = 0.0;  ///< ms
  double dt = 0.1;        ///< ms
  Step steps = 0;         ///< duration in steps
  std::uint64_t seed = 1;
  Precision precision = Precision::double_;
  std::vector<PopulationConfig> populations;
  std::vector<ProjectionConfig> projections;
  std::vector<InputConfig> inputs;
  RecordConfig record;
  std::optional<CheckpointConfig> checkpoint;
  std::string output;         ///< folder; relative to the working directory
  std::string resolved_yaml;  ///< the config after variables, `like` and --set, as `run.yaml` shows it
  std::string directory;      ///< of the config file: relative dataset paths start here

  const PopulationConfig* find_population(const std::string& n) const {
    for (const auto& p : populations)
      if (p.name == n) return &p;
    return nullptr;
  }
  /// The position of a population in the list. std::out_of_range where there is none of this name.
  std::size_t population_index(const std::string& n) const {
    const PopulationConfig* found = find_population(n);
    if (found == nullptr) throw std::out_of_range("no population '" + n + "'");
    return static_cast<std::size_t>(found - populations.data());
  }
  /// Neurons by population.
  std::vector<std::uint64_t> population_sizes() const {
    std::vector<std::uint64_t> sizes;
    for (const auto& p : populations) sizes.push_back(p.size);
    return sizes;
  }
};

}  // namespace ranvier
