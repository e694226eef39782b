#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue/catalogue.hpp"
#include "io/network/config.hpp"
#include "kernels/random/random.hpp"

/// Connection rules: who is connected to whom, from keyed draws, the same for any number of ranks.
/// Names and meaning follow Senk et al. (2022) Connectivity concepts in neuronal network modeling, PLoS Comput Biol 18.
namespace ranvier {

/// The rules as catalogue entries, with their fields.
const std::vector<ModelInfo>& rule_catalogue();

/// One projection to connect. `key` is make_key(seed, Purpose::connectivity, projection->key).
struct ConnectRequest {
  const ProjectionConfig* projection = nullptr;
  std::uint64_t n_source = 0, n_target = 0;  ///< sizes of the whole populations
  bool same_population = false;
  Key key;
};

/// What makes the rule impossible for these populations, as a message for the user; empty where nothing does.
/// The functions below require that nothing does.
std::string rule_problem(const ConnectRequest& request);

/// Gets each neuron of a range in ascending order, those without a partner too (empty span), and its partners on the
/// other side: indices within that population, in an order that depends on the draws only. The position in the span
/// is the number j of the synapse among those of the neuron, by which weights and delays are drawn.
using PartnerSink = std::function<void(std::uint64_t neuron, std::span<const std::uint32_t> partners)>;
using TargetSink = PartnerSink;  ///< neuron: the target; partners: its sources
using SourceSink = PartnerSink;  ///< neuron: the source; partners: its targets

/// Whether the rule is drawn per source, so that the pairs must be sent to the ranks of the targets.
bool is_source_side(std::string_view rule);

/// Rules drawn per target: the synapses onto targets [first, last) of the target population. Time is linear in
/// their number and that of the targets, plus O(log n_target).
void connect_targets(const ConnectRequest& request, std::uint64_t first, std::uint64_t last, const TargetSink& sink);

/// Rules drawn per source: the synapses of sources [first, last) of the source population.
void connect_sources(const ConnectRequest& request, std::uint64_t first, std::uint64_t last, const SourceSink& sink);

/// Mean number of synapses of the whole projection; exact for every rule but pairwise_bernoulli.
double expected_synapses(const ConnectRequest& request);

}  // namespace ranvier
