#include "core/session/session.hpp"

#include "core/connectivity/rules/rules.hpp"
#include "kernels/factories/models.hpp"  // generated from the list in kernels/CMakeLists.txt

namespace ranvier {

Session::Session() {
  add_models(models_);
  add_rules(rules_);
}

Catalogue Session::catalogue() const {
  Catalogue all = models_.catalogue();
  const auto& rules = rules_.catalogue().models;
  all.models.insert(all.models.end(), rules.begin(), rules.end());
  return all;
}

}  // namespace ranvier
