#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/connectivity/choose.hpp"
#include "core/connectivity/rules/common.hpp"

/// Rules that give every neuron of one side the same number of partners.
namespace ranvier::connectivity {

/// What the neurons [first, last) draw of `n_other` ones.
template <class Parameters>
void connect_degree(const ConnectRequest<Parameters>& r, std::uint64_t degree, std::uint64_t n_other,
                    std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
  std::vector<std::uint32_t> partners(degree);
  Chooser choose(r.key, static_cast<std::uint32_t>(partners_of_one(r, n_other)), r.parameters.multapses);
  for (std::uint64_t neuron = first; neuron < last; ++neuron) {
    if (excludes_self(r))
      choose(neuron, partners, static_cast<std::uint32_t>(neuron));
    else
      choose(neuron, partners);
    sink(neuron, partners);
  }
}

struct FixedIndegree {
  struct Parameters {
    std::uint64_t indegree;
    bool autapses, multapses;
    static constexpr auto fields() {
      return std::tuple{count(&Parameters::indegree, "indegree", "synapses of each target"),
                        autapses_field(&Parameters::autapses), multapses_field(&Parameters::multapses)};
    }
  };
  using Request = ConnectRequest<Parameters>;

  static ModelInfo info() { return rule_info("fixed_indegree", "every target draws the same number of sources"); }

  static RuleProblem problem(const Request& r) {
    if (r.parameters.indegree == 0 || r.ends.n_target == 0) return {};
    return too_many(r, "indegree", r.parameters.indegree, partners_of_one(r, r.ends.n_source), "source");
  }

  static double expected(const Request& r) {
    return static_cast<double>(r.parameters.indegree) * static_cast<double>(r.ends.n_target);
  }

  /// Of draws with replacement, or without.
  static double silent(const Request& r, double share) {
    const auto degree = static_cast<double>(r.parameters.indegree), sources = static_cast<double>(r.ends.n_source);
    const double of_one = r.parameters.multapses ? std::pow(1.0 - 1.0 / sources, degree) : 1.0 - degree / sources;
    return std::pow(std::max(0.0, of_one), share * static_cast<double>(r.ends.n_target));
  }

  static void connect(const Request& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
    connect_degree(r, r.parameters.indegree, r.ends.n_source, first, last, sink);
  }
};

struct FixedOutdegree {
  struct Parameters {
    std::uint64_t outdegree;
    bool autapses, multapses;
    static constexpr auto fields() {
      return std::tuple{count(&Parameters::outdegree, "outdegree", "synapses of each source"),
                        autapses_field(&Parameters::autapses), multapses_field(&Parameters::multapses)};
    }
  };
  using Request = ConnectRequest<Parameters>;
  static constexpr bool source_side = true;

  static ModelInfo info() { return rule_info("fixed_outdegree", "every source draws the same number of targets"); }

  static RuleProblem problem(const Request& r) {
    if (r.parameters.outdegree == 0 || r.ends.n_source == 0) return {};
    return too_many(r, "outdegree", r.parameters.outdegree, partners_of_one(r, r.ends.n_target), "target");
  }

  static double expected(const Request& r) {
    return static_cast<double>(r.parameters.outdegree) * static_cast<double>(r.ends.n_source);
  }

  static double silent(const Request& r, double share) {
    return std::pow(1.0 - share, static_cast<double>(r.parameters.outdegree));
  }

  static void connect(const Request& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
    connect_degree(r, r.parameters.outdegree, r.ends.n_target, first, last, sink);
  }
};

}  // namespace ranvier::connectivity
