#include "kernels/registry/registry.hpp"

#include <stdexcept>

namespace ranvier {

namespace {

template <class Entry>
void insert(std::map<std::string, Entry>& entries, Catalogue& catalogue, Entry entry) {
  const ModelInfo info = entry.info;
  if (!entries.emplace(info.name, std::move(entry)).second)
    throw std::logic_error("two models are called '" + info.name + "'");
  catalogue.models.push_back(info);
}

}  // namespace

void Registry::add(PopulationEntry entry) { insert(populations_, catalogue_, std::move(entry)); }

void Registry::add(ReceptorEntry entry) { insert(receptors_, catalogue_, std::move(entry)); }

void Registry::add(InputEntry entry) { insert(inputs_, catalogue_, std::move(entry)); }

void Registry::add(SynapseEntry entry) { insert(synapses_, catalogue_, std::move(entry)); }

}  // namespace ranvier
