#include "core/session/session.hpp"

#include "core/connectivity/rules.hpp"
#include "kernels/factories/models.hpp"  // generated from the list in kernels/CMakeLists.txt

namespace ranvier {

Session::Session() { add_models(models_); }

Catalogue Session::catalogue() const {
  Catalogue all = models_.catalogue();
  all.models.insert(all.models.end(), rule_catalogue().begin(), rule_catalogue().end());
  return all;
}

}  // namespace ranvier
