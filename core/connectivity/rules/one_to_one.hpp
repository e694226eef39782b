#pragma once
#include "core/connectivity/rules/common.hpp"

namespace ranvier::connectivity {

struct OneToOne {
  struct Parameters {
    bool autapses;
    static constexpr auto fields() { return std::tuple{autapses_field(&Parameters::autapses)}; }
  };
  using Request = ConnectRequest<Parameters>;

  static ModelInfo info() { return rule_info("one_to_one", "neuron i of the source to neuron i of the target"); }

  static RuleProblem problem(const Request& r) {
    if (r.ends.n_source == r.ends.n_target) return {};
    return {"needs populations of equal size, got " + std::to_string(r.ends.n_source) + " and " +
            std::to_string(r.ends.n_target)};
  }

  static double expected(const Request& r) { return excludes_self(r) ? 0.0 : static_cast<double>(r.ends.n_target); }

  static double silent(const Request& r, double share) { return excludes_self(r) ? 1.0 : 1.0 - share; }

  static void connect(const Request& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
    const bool none = excludes_self(r);
    for (std::uint64_t target = first; target < last; ++target) {
      const auto source = static_cast<std::uint32_t>(target);
      sink(target, none ? std::span<const std::uint32_t>{} : std::span(&source, 1));
    }
  }
};

}  // namespace ranvier::connectivity
