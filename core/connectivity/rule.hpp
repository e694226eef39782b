#pragma once
#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "core/catalogue/catalogue.hpp"
#include "kernels/model/fields.hpp"
#include "kernels/model/parameter_values.hpp"
#include "kernels/random/random.hpp"

/// Connection rules: who is connected to whom, from keyed draws, the same for any number of ranks. A rule is one struct
/// (ConnectionRule says what is in it); the rest of the program knows it as a RuleEntry and, for one projection, a Connector.
/// Names and meaning follow Senk et al. (2022) Connectivity concepts in neuronal network modeling, PLoS Comput Biol 18.
namespace ranvier {

/// Gets each neuron of a range in ascending order, those without a partner too (empty span), and its partners on the
/// other side: indices within that population, in an order that depends on the draws only. The position in the span
/// is the number j of the synapse among those of the neuron, by which weights and delays are drawn.
using PartnerSink = std::function<void(std::uint64_t neuron, std::span<const std::uint32_t> partners)>;

/// One projection to connect.
template <class Parameters>
struct ConnectRequest {
  ProjectionEnds ends;
  Parameters parameters;
  Key key{};  ///< of the draws: make_key(seed, Purpose::connectivity, key of the projection)
};

/// What a rule declares:
///   info       name, doc and source, and `takes_signal` where it can connect a projection with a signal; the kind and the
///              fields are added to it
///   Parameters a plain struct with its fields(), as a model of neurons has it
///   problem    what is impossible between these populations; the functions below are called only where nothing is
///   expected   the mean number of synapses of the whole projection
///   connect    the synapses of the neurons [first, last) that draw, in time linear in their number and that of the neurons
/// It may also declare
///   silent     the probability that a source has no target among a share of the targets; without it that of a Poisson
///              distribution with the expected mean
/// The neurons that draw are those of the target population, or of the source population where the rule says
/// `static constexpr bool source_side = true`.
template <class Rule>
concept ConnectionRule = requires(const ConnectRequest<typename Rule::Parameters>& request, std::uint64_t neuron,
                                  const PartnerSink& sink) {
  { Rule::info() } -> std::same_as<ModelInfo>;
  { Rule::problem(request) } -> std::same_as<RuleProblem>;
  { Rule::expected(request) } -> std::same_as<double>;
  { Rule::connect(request, neuron, neuron, sink) } -> std::same_as<void>;
};

/// A rule with the parameters and populations of one projection.
class Connector {
 public:
  virtual ~Connector() = default;
  /// What makes the rule impossible, for the user; without text where nothing does. The functions below require that.
  virtual RuleProblem problem() const = 0;
  /// Mean number of synapses of the whole projection; exact for every rule but pairwise_bernoulli.
  virtual double expected() const = 0;
  /// The probability that a source has no target among a share of the target population, a part of it between 0 and 1.
  virtual double silent(double share) const = 0;
  /// Whether neurons draw their targets, so that the pairs must be sent to the ranks of the targets.
  virtual bool by_source() const = 0;
  /// The synapses onto targets [first, last), or from sources [first, last) for a rule that is drawn by source.
  virtual void connect(std::uint64_t first, std::uint64_t last, const PartnerSink& sink) const = 0;
};

/// A rule as the registry holds it.
struct RuleEntry {
  ModelInfo info;
  /// Throws UsageError where the parameters are not those of the rule.
  std::function<std::unique_ptr<const Connector>(const ValueMap&, const ProjectionEnds&, Key)> make;
};

template <ConnectionRule Rule>
class RuleConnector final : public Connector {
 public:
  explicit RuleConnector(ConnectRequest<typename Rule::Parameters> request) : request_(std::move(request)) {}

  RuleProblem problem() const override {
    // Partners are 32-bit indices, of which the largest is kept free.
    constexpr std::uint64_t limit = 0xffffffffu;
    const std::uint64_t largest = std::max(request_.ends.n_source, request_.ends.n_target);
    if (largest >= limit)
      return {"a population of " + std::to_string(largest) +
              " neurons cannot be connected, at most 4294967294; split the population"};
    return Rule::problem(request_);
  }
  double expected() const override { return Rule::expected(request_); }
  double silent(double share) const override {
    if constexpr (requires { Rule::silent(request_, share); }) {
      return Rule::silent(request_, share);
    } else {
      const double sources = static_cast<double>(request_.ends.n_source);
      return sources > 0.0 ? std::exp(-expected() * share / sources) : 1.0;
    }
  }
  bool by_source() const override {
    if constexpr (requires { Rule::source_side; })
      return Rule::source_side;
    else
      return false;
  }
  void connect(std::uint64_t first, std::uint64_t last, const PartnerSink& sink) const override {
    Rule::connect(request_, first, last, sink);
  }

 private:
  ConnectRequest<typename Rule::Parameters> request_;
};

template <ConnectionRule Rule>
RuleEntry rule_entry() {
  using Parameters = typename Rule::Parameters;
  RuleEntry entry{Rule::info(), [](const ValueMap& parameters, const ProjectionEnds& ends, Key key) {
                    return std::make_unique<const RuleConnector<Rule>>(
                        ConnectRequest<Parameters>{ends, parameters_from<Parameters>(parameters), key});
                  }};
  entry.info.kind = ModelKind::rule;
  append_field_infos<Parameters>(entry.info.fields);
  entry.info.problem = [make = entry.make](const ProjectionEnds& ends, const ValueMap& parameters) {
    return make(parameters, ends, Key{})->problem();
  };
  return entry;
}

}  // namespace ranvier
