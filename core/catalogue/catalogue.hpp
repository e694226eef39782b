#pragma once
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/units.hpp"
#include "core/base/value.hpp"

/// What can be named in a config: models, receptors, inputs, rules, as plain data. The kernels build this from the
/// one declaration of each model; the config reader, `describe`, and the JSON Schema read it. Nothing else lists models.
namespace ranvier {

/// Allowed interval of a number; bounds are inclusive unless marked open.
struct Range {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool open_min = false;
  bool open_max = false;

  constexpr bool contains(double x) const { return (open_min ? x > min : x >= min) && (open_max ? x < max : x <= max); }
  constexpr bool unbounded() const {
    return min == -std::numeric_limits<double>::infinity() && max == std::numeric_limits<double>::infinity();
  }
};

namespace range {
inline constexpr Range any{};
inline constexpr Range positive{.min = 0.0, .open_min = true};
inline constexpr Range non_negative{.min = 0.0};
inline constexpr Range probability{.min = 0.0, .max = 1.0};
}  // namespace range

/// What a field is for. Parameters are set under `params`, states under `init`; states are recordable and checkpointed.
/// `internal` states are checkpointed only.
enum class Role { parameter, state, internal };

/// How a value may be written in a config.
enum class Form {
  quantity,  ///< a number with a unit, an expression, a distribution, a dataset
  constant,  ///< one number for all (no distribution, no dataset)
  count,     ///< a whole number
  flag,      ///< true or false
  times,     ///< a list of times, or a dataset of them
  series     ///< a list of numbers in the field's unit, or a dataset of them
};

struct FieldInfo {
  std::string name;
  Unit unit;
  double default_value = 0.0;  ///< in `unit`; ignored where required
  Range range;
  Role role = Role::parameter;
  std::string doc;
  Form form = Form::quantity;
  bool required = false;
};

/// "left must be below right" between two parameters of one model, in the model's own words.
struct Constraint {
  std::string left, right;
  bool or_equal = false;
};

/// The two ends of a projection, as far as a connection rule may depend on them.
struct ProjectionEnds {
  std::uint64_t n_source = 0, n_target = 0;  ///< sizes of the whole populations
  bool same_population = false;
  bool signal = false;  ///< a state of the sources is sent, not their spikes
};

/// Why a rule cannot connect two populations.
struct RuleProblem {
  std::string text{};       ///< empty where it can
  std::string parameter{};  ///< the one at fault, where a single one is
};

enum class ModelKind { neuron, source, receptor, input, rule, synapse };

/// Which receptors a neuron model has.
enum class ReceptorPolicy {
  none,      ///< takes no spikes (sources)
  composed,  ///< as listed under `receptors:` of the population
  own        ///< brings `own_receptors`; a config lists none
};

struct OwnReceptor {
  std::string name;
  Unit weight_unit;
  std::string doc;
};

/// The integrator that chooses steps within a step, by a tolerance.
inline constexpr std::string_view adaptive_integrator = "rkf45";

struct ModelInfo {
  std::string name;
  ModelKind kind = ModelKind::neuron;
  std::string doc;                     ///< one line
  std::vector<std::string> equations;  ///< one per line, plain text
  std::string source;                  ///< the publication
  std::vector<FieldInfo> fields;
  std::vector<Constraint> constraints;
  ReceptorPolicy receptors = ReceptorPolicy::none;
  std::vector<OwnReceptor> own_receptors;
  /// Neurons only: the units of what receptors and inputs give them, as unit_on() has it.
  Unit current_unit = unit::pA, conductance_unit = unit::nS;
  std::vector<std::string> integrators;  ///< neurons only: those a config may choose, the default first
  /// Receptors only: unit of a synaptic weight when it acts as a conductance (with `E_rev`), as a current (without).
  Unit weight_unit_conductance = unit::nS;
  Unit weight_unit_current = unit::pA;
  bool conductance_allowed = true;  ///< receptors only: whether `E_rev` may be given
  bool gives_conductance = false;   ///< inputs only: acts as a conductance
  /// Receptors: driven by a state of the sources (`signal:`), not by their spikes. Rules: can connect such a projection.
  bool takes_signal = false;
  bool counts_spikes = false;  ///< receptors only: spikes have no weight
  bool needs_voltage = false;  ///< receptors only: for neurons with a membrane potential in mV
  /// Rules only: what is impossible between these populations with these parameters, which fit the fields. May be empty.
  std::function<RuleProblem(const ProjectionEnds&, const ValueMap&)> problem = {};

  const FieldInfo* find(std::string_view field) const {
    for (const auto& f : fields)
      if (f.name == field) return &f;
    return nullptr;
  }
};

/// What a potential (mV), current (pA) or conductance (nS) that a receptor or input declares is on this neuron, which may
/// have densities or plain numbers for them. Other units are left as they are.
inline Unit unit_on(const ModelInfo& neuron, const Unit& declared) {
  if (declared.dimension == unit::pA.dimension) return neuron.current_unit;
  if (declared.dimension == unit::nS.dimension) return neuron.conductance_unit;
  const FieldInfo* V_m = declared.dimension == unit::mV.dimension ? neuron.find("V_m") : nullptr;
  return V_m ? V_m->unit : declared;
}

/// Whether a field of a receptor or input has a unit of the neuron's choice: currents and conductances.
inline bool has_unit_of_neuron(const FieldInfo& field) {
  return field.unit.dimension == unit::pA.dimension || field.unit.dimension == unit::nS.dimension;
}

/// The receptor or input with the units that it has on this neuron. States of receptors are declared as conductances;
/// without a reversal potential (`conductance` false) they are currents. As conductances they are not negative.
inline ModelInfo on_neuron(ModelInfo part, const ModelInfo& neuron, bool conductance = true) {
  for (FieldInfo& field : part.fields) {
    const bool is_current = !conductance && field.role == Role::state && field.unit.dimension == unit::nS.dimension;
    if (part.kind == ModelKind::receptor && conductance && field.role == Role::state &&
        field.unit.dimension == unit::nS.dimension)
      field.range = range::non_negative;
    field.unit = is_current ? neuron.current_unit : unit_on(neuron, field.unit);
  }
  part.weight_unit_conductance = unit_on(neuron, part.weight_unit_conductance);
  part.weight_unit_current = unit_on(neuron, part.weight_unit_current);
  return part;
}

struct Catalogue {
  std::vector<ModelInfo> models;

  const ModelInfo* find(ModelKind kind, std::string_view name) const {
    for (const auto& m : models)
      if (m.kind == kind && m.name == name) return &m;
    return nullptr;
  }
};

}  // namespace ranvier
