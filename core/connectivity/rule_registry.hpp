#pragma once
#include <map>
#include <memory>
#include <string>

#include "core/connectivity/rule.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// The connection rules of a session by name. It is open, as the registry of models is: whoever holds it can add to it.
class RuleRegistry {
 public:
  /// Throws std::logic_error where there is a rule of this name already.
  void add(RuleEntry entry);
  template <ConnectionRule Rule>
  void add() {
    add(rule_entry<Rule>());
  }

  /// The rule that a projection names, with its parameters. Throws UsageError where there is no such rule, or where the
  /// parameters are not its own: configs are checked against the catalogue first.
  std::unique_ptr<const Connector> connector(const ModelReference& rule, const ProjectionEnds& ends,
                                             Key key = {}) const;

  /// All rules as plain data, in the order in which they were added.
  const Catalogue& catalogue() const { return catalogue_; }

 private:
  Catalogue catalogue_;
  std::map<std::string, RuleEntry> rules_;
};

/// Throws UsageError with all projections whose rule cannot connect their populations. The reader of configs has the same
/// checks; this one is for networks that are made otherwise.
void check_rules(const Config& config, const RuleRegistry& rules);

}  // namespace ranvier
