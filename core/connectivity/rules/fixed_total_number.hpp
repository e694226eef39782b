#pragma once
#include <vector>

#include "core/connectivity/choose.hpp"
#include "core/connectivity/discrete.hpp"
#include "core/connectivity/rules/common.hpp"

namespace ranvier::connectivity {

/// N synapses in all, each onto a target and from a source drawn uniformly. How many fall to each target is decided by a
/// binary tree over the targets: the root has N; a node gives its left half a binomial share (hypergeometric without
/// multapses, where a pair can be had only once), drawn with the node's own key. A rank walks down to its own targets
/// only, and the total is exact on any number of ranks.
struct FixedTotalNumber {
  struct Parameters {
    std::uint64_t N;
    bool autapses, multapses;
    static constexpr auto fields() {
      return std::tuple{count(&Parameters::N, "N", "synapses of the projection"), autapses_field(&Parameters::autapses),
                        multapses_field(&Parameters::multapses)};
    }
  };
  using Request = ConnectRequest<Parameters>;

  static ModelInfo info() {
    return rule_info("fixed_total_number", "N synapses in total, with sources and targets drawn uniformly");
  }

  static RuleProblem problem(const Request& r) {
    if (r.parameters.N == 0) return {};
    return too_many(r, "N", r.parameters.N, partners_of_one(r, r.ends.n_source) * r.ends.n_target, "pair");
  }

  static double expected(const Request& r) { return static_cast<double>(r.parameters.N); }

  static void connect(const Request& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
    if (first < last) Tree(r, first, last, sink).descend(0, r.ends.n_target, r.parameters.N, 1);
  }

 private:
  /// Draws of the tree stand apart from those of the targets, which count from 0.
  static constexpr std::uint64_t tree_counter = std::uint64_t(1) << 62;

  class Tree {
   public:
    Tree(const Request& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink)
        : request_(r),
          first_(first),
          last_(last),
          sink_(sink),
          per_target_(partners_of_one(r, r.ends.n_source)),
          choose_(r.key, static_cast<std::uint32_t>(per_target_), r.parameters.multapses) {}

    /// Targets [low, high) share `count` synapses; `node` numbers the tree from 1 as a heap does.
    void descend(std::uint64_t low, std::uint64_t high, std::uint64_t count, std::uint64_t node) {
      if (high <= first_ || low >= last_) return;
      if (high - low == 1) return leaf(low, count);
      const std::uint64_t middle = low + (high - low) / 2;
      const std::uint64_t left = share(low, middle, high, count, node);
      descend(low, middle, left, 2 * node);
      descend(middle, high, count - left, 2 * node + 1);
    }

   private:
    std::uint64_t share(std::uint64_t low, std::uint64_t middle, std::uint64_t high, std::uint64_t count,
                        std::uint64_t node) const {
      Stream random(request_.key, node, tree_counter);
      if (request_.parameters.multapses) return binomial(count, middle - low, high - low, random);
      return hypergeometric((high - low) * per_target_, (middle - low) * per_target_, count, random);
    }

    void leaf(std::uint64_t target, std::uint64_t count) {
      sources_.resize(count);
      if (excludes_self(request_))
        choose_(target, sources_, static_cast<std::uint32_t>(target));
      else
        choose_(target, sources_);
      sink_(target, sources_);
    }

    const Request& request_;
    std::uint64_t first_, last_;
    const PartnerSink& sink_;
    std::uint64_t per_target_;
    Chooser choose_;
    std::vector<std::uint32_t> sources_;
  };
};

}  // namespace ranvier::connectivity
