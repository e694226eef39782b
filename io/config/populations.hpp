#pragma once
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/config/context.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// A receptor as projections and inputs see it.
struct ReceptorView {
  std::string name;
  Unit weight_unit;
  bool conductance = false;
  bool counts = false;        ///< takes spikes as they are: a synapse has no weight
  std::string model = {};     ///< empty where the neuron brings the receptor itself
  bool takes_signal = false;  ///< a projection with `signal` drives it, no spikes do
};

/// A receptor with a reversal potential is a conductance, one without is a current.
bool is_conductance(const ReceptorConfig&);
/// Unit of a synaptic weight onto a receptor of this model.
Unit weight_unit_of(const ReceptorConfig&, const ModelInfo& receptor_on_neuron);
/// Unit of a synaptic weight onto a receptor of a population; nothing where spikes are counted and have no weight.
std::optional<Unit> weight_unit_onto(const PopulationConfig&, const std::string& receptor, const Catalogue&);
/// The model of a population's neurons, be they sources.
const ModelInfo& model_of(const PopulationConfig&, const Catalogue&);
/// A receptor that the neuron brings itself counts spikes where its weight has no unit.
inline bool counts_spikes(const OwnReceptor& receptor) { return receptor.weight_unit.symbol.empty(); }

/// The model with the states of the population's receptors among its own, as `init` and recordings name them:
/// `receptor.state`, in the unit that the receptor gives it.
ModelInfo with_receptor_states(const ModelInfo&, const std::vector<ReceptorConfig>&, const Catalogue&);

/// What can be recorded of a population: the states of its model, of its receptors, and of its inputs that have a name.
ModelInfo with_all_states(const ModelInfo&, const PopulationConfig&, const std::vector<InputConfig>&, const Catalogue&);

/// The populations of a config with what others need to refer to them.
class Populations {
 public:
  /// Reads all; mistakes are added to the errors. `node` has been through expand_like; null is none.
  Populations(Context&, const YamlNode* node);

  std::vector<PopulationConfig> take() { return std::move(configs_); }

  /// The population of this name. Null where there is none, which is reported at `place` as "what: unknown population",
  /// or where it has mistakes of its own, which have been reported.
  const PopulationConfig* named(Context&, const std::string& name, const Place& place, std::string_view what) const;
  const ModelInfo& model_of(const PopulationConfig&) const;
  /// Receptors of a population in the order of the config or of the model.
  const std::vector<ReceptorView>& receptors_of(const PopulationConfig&) const;
  /// States of a population, those of its receptors among them, that have a range: only such a one can be sent as a signal.
  const std::vector<std::string>& signals_of(const PopulationConfig&) const;

  /// The receptor that `node` names, or the only one where `node` is null. Null after reporting a mistake.
  const ReceptorView* choose_receptor(Context&, const PopulationConfig&, const YamlNode* node,
                                      const Place& owner) const;

 private:
  static constexpr std::size_t has_mistakes = static_cast<std::size_t>(-1);

  struct Details {
    const ModelInfo* model;
    std::vector<ReceptorView> receptors;
    std::vector<std::string> signals;
  };
  /// False where the population cannot be referred to.
  bool read(Context&, const YamlNode::Entry&);
  bool read_from_files(Context&, const YamlNode::Entry&);
  static void read_integrator(Context&, const YamlNode&, const ModelInfo&, PopulationConfig&);
  void read_params(Context&, const YamlNode&, const ModelInfo&, PopulationConfig&) const;
  void read_init(Context&, const YamlNode&, const ModelInfo&, PopulationConfig&) const;
  void read_receptors(Context&, const YamlNode&, const ModelInfo&, PopulationConfig&, std::vector<ReceptorView>&) const;

  std::vector<PopulationConfig> configs_;
  std::vector<Details> details_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<std::string> names_;
};

/// Spikes arrive at receptors that take spikes, signals at those that take signals: false after reporting a receptor of
/// the latter kind at `place`.
bool check_takes_spikes(Context&, const Place& place, const ReceptorView&);
/// Receptors that count spikes take no weight: false after reporting one in `node`.
bool check_weight_allowed(Context&, const YamlNode& node, const ReceptorView&, const PopulationConfig& target);
/// A constant conductance must not be negative.
void check_weight(Context&, const Place&, const Value& weight, const ReceptorView&);

}  // namespace ranvier
