#pragma once
#include "core/connectivity/rule_registry.hpp"

namespace ranvier {

/// Adds the rules of this build.
void add_rules(RuleRegistry& rules);

}  // namespace ranvier
