#pragma once
#include "core/catalogue/catalogue.hpp"
#include "core/connectivity/rule_registry.hpp"
#include "kernels/registry/registry.hpp"

namespace ranvier {

/// What this process can simulate: everything that a config may name, as plain data and as code. A program makes one at
/// its start, adds what it brings of its own, and hands it to all that read, describe, build or run configs.
class Session {
 public:
  /// With the models and connection rules of the build.
  Session();

  Registry& models() { return models_; }
  const Registry& models() const { return models_; }
  RuleRegistry& rules() { return rules_; }
  const RuleRegistry& rules() const { return rules_; }
  /// Models and rules as plain data, in the order in which they were added.
  Catalogue catalogue() const;

 private:
  Registry models_;
  RuleRegistry rules_;
};

}  // namespace ranvier
