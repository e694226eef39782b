#include "core/connectivity/choose.hpp"
#include "core/connectivity/rule.hpp"

/// Rules that give every neuron of one side the same number of partners: fixed_indegree, fixed_outdegree.
namespace ranvier::connectivity {
namespace {

struct Sides {
  const char *field, *role;
  std::uint64_t n_self, n_other;
  const std::string& other;
};

std::string degree_problem(const ConnectRequest& r, const Sides& s) {
  const std::uint64_t degree = r.projection->number, available = partners_of_one(r, s.n_other);
  const bool enough = r.projection->multapses ? available > 0 : available >= degree;
  if (degree == 0 || s.n_self == 0 || enough) return {};
  std::string text = std::string(s.field) + " " + std::to_string(degree) + " cannot be had: population '" + s.other +
                     "' has " + std::to_string(available) + (r.projection->multapses ? " " : " different ") + s.role +
                     " to draw from";
  if (excludes_self(r)) text += " (autapses are excluded)";
  return text + (r.projection->multapses ? "; enlarge the population" : "; lower it, or allow multapses");
}

void connect_degree(const ConnectRequest& r, std::uint64_t n_other, std::uint64_t first, std::uint64_t last,
                    const PartnerSink& sink) {
  std::vector<std::uint32_t> partners(r.projection->number);
  Chooser choose(r.key, static_cast<std::uint32_t>(partners_of_one(r, n_other)), r.projection->multapses);
  for (std::uint64_t neuron = first; neuron < last; ++neuron) {
    if (excludes_self(r))
      choose(neuron, partners, static_cast<std::uint32_t>(neuron));
    else
      choose(neuron, partners);
    sink(neuron, partners);
  }
}

}  // namespace

Rule fixed_indegree_rule() {
  return {rule_info("fixed_indegree", "every target draws the same number of sources",
                    {number_field("indegree", "synapses of each target"), autapses_field(), multapses_field()}),
          false,
          [](const ConnectRequest& r) {
            return degree_problem(r, {"indegree", "sources", r.n_target, r.n_source, r.projection->source});
          },
          [](const ConnectRequest& r) {
            return static_cast<double>(r.projection->number) * static_cast<double>(r.n_target);
          },
          [](const ConnectRequest& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
            connect_degree(r, r.n_source, first, last, sink);
          }};
}

Rule fixed_outdegree_rule() {
  return {rule_info("fixed_outdegree", "every source draws the same number of targets",
                    {number_field("outdegree", "synapses of each source"), autapses_field(), multapses_field()}),
          true,
          [](const ConnectRequest& r) {
            return degree_problem(r, {"outdegree", "targets", r.n_source, r.n_target, r.projection->target});
          },
          [](const ConnectRequest& r) {
            return static_cast<double>(r.projection->number) * static_cast<double>(r.n_source);
          },
          [](const ConnectRequest& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
            connect_degree(r, r.n_target, first, last, sink);
          }};
}

}  // namespace ranvier::connectivity
