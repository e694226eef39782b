#include "core/connectivity/rules/rules.hpp"

#include "core/connectivity/rules/all_to_all.hpp"
#include "core/connectivity/rules/edges.hpp"
#include "core/connectivity/rules/fixed_degree.hpp"
#include "core/connectivity/rules/fixed_total_number.hpp"
#include "core/connectivity/rules/one_to_one.hpp"
#include "core/connectivity/rules/pairwise_bernoulli.hpp"

namespace ranvier {

void add_rules(RuleRegistry& rules) {
  using namespace connectivity;
  rules.add<OneToOne>();
  rules.add<AllToAll>();
  rules.add<PairwiseBernoulli>();
  rules.add<FixedIndegree>();
  rules.add<FixedOutdegree>();
  rules.add<FixedTotalNumber>();
  rules.add<EdgesFromFile>();
}

}  // namespace ranvier
