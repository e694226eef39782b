#pragma once
#include <numeric>
#include <vector>

#include "core/connectivity/rules/common.hpp"

namespace ranvier::connectivity {

struct AllToAll {
  struct Parameters {
    bool autapses;
    static constexpr auto fields() { return std::tuple{autapses_field(&Parameters::autapses)}; }
  };
  using Request = ConnectRequest<Parameters>;

  static ModelInfo info() {
    ModelInfo m = rule_info("all_to_all", "every neuron of the source to every neuron of the target");
    m.takes_signal = true;
    return m;
  }

  /// A signal is one sum over all sources.
  static RuleProblem problem(const Request& r) {
    if (!r.ends.signal || !excludes_self(r)) return {};
    return {"a signal also reaches the neuron that sends it; leave the key out", "autapses"};
  }

  static double expected(const Request& r) {
    return static_cast<double>(partners_of_one(r, r.ends.n_source)) * static_cast<double>(r.ends.n_target);
  }

  static double silent(const Request& r, double share) {
    return share * static_cast<double>(r.ends.n_target) > (excludes_self(r) ? 1.0 : 0.0) ? 0.0 : 1.0;
  }

  /// Without autapses the list for target t is all sources but t; from t to t + 1 one entry changes.
  static void connect(const Request& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
    if (first >= last) return;
    std::vector<std::uint32_t> sources(partners_of_one(r, r.ends.n_source));
    std::iota(sources.begin(), sources.end(), 0u);
    if (excludes_self(r))
      for (std::uint64_t i = first; i < sources.size(); ++i) ++sources[i];
    for (std::uint64_t target = first; target < last; ++target) {
      sink(target, sources);
      if (excludes_self(r) && target < sources.size()) --sources[target];
    }
  }
};

}  // namespace ranvier::connectivity
