#pragma once
#include "core/connectivity/rules.hpp"

/// What one connection rule is. Adding a rule is one of these and one line in the table in rules.cpp.
namespace ranvier::connectivity {

struct Rule {
  ModelInfo info;
  bool source_side = false;
  std::string (*problem)(const ConnectRequest&) = nullptr;
  double (*expected)(const ConnectRequest&) = nullptr;
  /// Null where the synapses are in a file (core/build/read_edges.hpp).
  void (*connect)(const ConnectRequest&, std::uint64_t first, std::uint64_t last, const PartnerSink&) = nullptr;
};

Rule one_to_one_rule();
Rule all_to_all_rule();
Rule pairwise_bernoulli_rule();
Rule fixed_indegree_rule();
Rule fixed_outdegree_rule();
Rule fixed_total_number_rule();
Rule edges_rule();

/// Autapses exist only within one population.
inline bool excludes_self(const ConnectRequest& r) { return r.same_population && !r.projection->autapses; }

/// How many neurons of a population of size n one neuron may be connected to.
inline std::uint64_t partners_of_one(const ConnectRequest& r, std::uint64_t n) {
  return n - (excludes_self(r) && n > 0 ? 1 : 0);
}

/// Shared catalogue fields.
FieldInfo autapses_field();
FieldInfo multapses_field();
FieldInfo number_field(const char* name, const char* doc);
ModelInfo rule_info(const char* name, const char* doc, std::vector<FieldInfo> fields);

}  // namespace ranvier::connectivity
