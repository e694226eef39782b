#pragma once
#include <optional>
#include <vector>

#include "io/config/context.hpp"
#include "io/config/populations.hpp"
#include "io/network/config.hpp"
#include "io/text/yaml_node.hpp"

/// What is particular to a projection whose synapses are read from a file (rule `edges`).
namespace ranvier {

/// The keys that only this rule has, which stand in the map `rule` (the projection's own, unless the rule has one), and which
/// of weight and delay the file decides. Nothing where there is a mistake.
std::optional<EdgesConfig> read_edges_config(Context&, const YamlNode& rule, const YamlNode& projection);

/// Whether the projection leaves the receptor to the signs of the weights: it names neither a receptor nor a sign nor a
/// weight, and the target has the receptors `ex` and `in` and no other.
bool sign_chooses(const YamlNode& rule, const YamlNode& projection, const std::vector<ReceptorView>& receptors);

/// The part of such a projection that acts on one of the two receptors.
ProjectionConfig onto_sign(ProjectionConfig projection, const PopulationConfig& target, const ReceptorView& receptor);

/// What the receptor makes of weights: a conductance has no sign, spikes that are counted have no weight.
void fit_to_receptor(EdgesConfig&, const ReceptorView&);

}  // namespace ranvier
