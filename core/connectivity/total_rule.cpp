#include "core/connectivity/choose.hpp"
#include "core/connectivity/discrete.hpp"
#include "core/connectivity/rule.hpp"

/// fixed_total_number: N synapses in all, each onto a target and from a source drawn uniformly. How many fall to each
/// target is decided by a binary tree over the targets: the root has N; a node gives its left half a binomial share
/// (hypergeometric without multapses, where a pair can be had only once), drawn with the node's own key. A rank walks
/// down to its own targets only, and the total is exact on any number of ranks.
namespace ranvier::connectivity {
namespace {

/// Draws of the tree stand apart from those of the targets, which count from 0.
constexpr std::uint64_t tree_counter = std::uint64_t(1) << 62;

std::string total_problem(const ConnectRequest& r) {
  const std::uint64_t wanted = r.projection->number, per_target = partners_of_one(r, r.n_source);
  const std::uint64_t pairs = per_target * r.n_target;
  const bool enough = r.projection->multapses ? pairs > 0 : pairs >= wanted;
  if (wanted == 0 || enough) return {};
  std::string text = "N " + std::to_string(wanted) + " cannot be had: '" + r.projection->source + "' and '" +
                     r.projection->target + "' have " + std::to_string(pairs) + " pairs of neurons";
  if (excludes_self(r)) text += " (autapses are excluded)";
  return text + (pairs > 0 ? "; lower it, or allow multapses" : "; set N to 0, or enlarge the populations");
}

class TotalTree {
 public:
  TotalTree(const ConnectRequest& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink)
      : request_(r),
        first_(first),
        last_(last),
        sink_(sink),
        per_target_(partners_of_one(r, r.n_source)),
        choose_(r.key, static_cast<std::uint32_t>(per_target_), r.projection->multapses) {}

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
    if (request_.projection->multapses) return binomial(count, middle - low, high - low, random);
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

  const ConnectRequest& request_;
  std::uint64_t first_, last_;
  const PartnerSink& sink_;
  std::uint64_t per_target_;
  Chooser choose_;
  std::vector<std::uint32_t> sources_;
};

}  // namespace

Rule fixed_total_number_rule() {
  return {rule_info("fixed_total_number", "N synapses in all, their ends drawn uniformly",
                    {number_field("N", "synapses of the projection"), autapses_field(), multapses_field()}),
          false, total_problem, [](const ConnectRequest& r) { return static_cast<double>(r.projection->number); },
          [](const ConnectRequest& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
            if (first < last) TotalTree(r, first, last, sink).descend(0, r.n_target, r.projection->number, 1);
          }};
}

}  // namespace ranvier::connectivity
