#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ranvier::sonata {

/// What a parameter of a NEST model is here.
enum class Part {
  parameter,   ///< of the model
  state,       ///< where a state starts
  excitatory,  ///< parameter of receptor ex
  inhibitory,  ///< parameter of receptor in
  unused,      ///< of NEST's numerics or of plasticity: changes nothing here
  only         ///< the model here has it at one value
};

struct TemplateField {
  std::string_view nest;  ///< NEST's name
  std::string_view ours;  ///< the name here; empty where there is none
  double value;           ///< NEST's default, in NEST's unit, which is ours
  Part part = Part::parameter;
};

/// Something that NEST records under another name.
struct Recordable {
  std::string_view nest, ours;
};

/// A model of NEST as a model and receptors of ours: the same equations under the same defaults.
struct NodeTemplate {
  std::string_view name;        ///< NEST's, without `nest:`
  std::string_view model;       ///< ours
  std::string_view integrator;  ///< empty: the model's default
  std::string_view receptor;    ///< model of the receptors ex and in, or of the only one; empty: the neuron's own
  bool one_receptor = false;    ///< one for weights of both signs, called `spikes`
  std::span<const TemplateField> fields;
  std::span<const Recordable> recordables;

  const TemplateField* find(std::string_view nest) const;
};

/// Null where it is not known. `nest:` in front may be left out.
const NodeTemplate* find_template(std::string_view model_template);
/// All names, with `nest:`.
std::vector<std::string> template_names();

}  // namespace ranvier::sonata
