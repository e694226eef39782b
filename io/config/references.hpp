#pragma once
#include "io/config/context.hpp"
#include "io/config/grammar.hpp"
#include "io/network/config.hpp"

/// References to models, wherever a config has them: receptors, inputs, rules, synapses. Each function reports the mistakes
/// that it finds.
namespace ranvier {

/// A model, and the map that its parameters stand in.
struct NamedModel {
  const ModelInfo* model = nullptr;  ///< null where there is a mistake in the name
  const YamlNode* map = nullptr;     ///< null where only the name is given
};

/// The model that `section.selects` names in the map, all keys of which are checked. Null where none is known.
const ModelInfo* read_model(Context&, const YamlNode& map, const grammar::Section&);

/// The model that stands under a key of Shape::model: `name`, or `{model: name, parameter: .., ..}`.
NamedModel read_named_model(Context&, const YamlNode&, const grammar::Key&);

/// The model with those entries of the map (which may be null) that are parameters of it. `owner` is the place for
/// parameters that are missing.
ModelReference read_parameters(Context&, const Place& owner, const YamlNode* map, const ModelInfo&);

}  // namespace ranvier
