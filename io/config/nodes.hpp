#pragma once
#include "io/config/populations.hpp"

namespace ranvier {

/// A population that is read from SONATA nodes (`sonata: nodes.h5`): its size, model, parameters, initial values and
/// receptors, with views of the latter. `node` has the keys of grammar::nodes_section; what it says itself under `params` and
/// `init` goes before what the files say. Returns the model; null after reporting a mistake.
const ModelInfo* read_nodes(Context&, const YamlNode& node, PopulationConfig&, std::vector<ReceptorView>&);

}  // namespace ranvier
