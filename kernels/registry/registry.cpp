#include "kernels/registry/registry.hpp"

#include "kernels/factories/models.hpp"  // generated from the list in kernels/CMakeLists.txt

namespace ranvier {

void Registry::add(PopulationEntry entry) {
  catalogue_.models.push_back(entry.info);
  populations_.insert_or_assign(entry.info.name, std::move(entry));
}

void Registry::add(ReceptorEntry entry) {
  catalogue_.models.push_back(entry.info);
  receptors_.insert_or_assign(entry.info.name, std::move(entry));
}

void Registry::add(InputEntry entry) {
  catalogue_.models.push_back(entry.info);
  inputs_.insert_or_assign(entry.info.name, std::move(entry));
}

Registry& registry() {
  static Registry instance = [] {
    Registry r;
    add_models(r);
    return r;
  }();
  return instance;
}

}  // namespace ranvier
