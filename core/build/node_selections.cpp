#include "core/build/node_selections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "core/base/error.hpp"
#include "io/sonata/nodes/selected_nodes.hpp"

namespace ranvier {

namespace {

/// A node that two parts of a file name would be counted twice, and leave another set of bits.
void check_size(const PopulationConfig& population, const IdSet& set) {
  if (set.size() != population.size)
    throw UsageError(
        fmt::format("population {}: '{}' has {} nodes of its types, but {} were expected; are its node ids "
                    "all different?",
                    population.name, population.nodes->file, set.size(), population.size));
}

}  // namespace

NodeSelections::NodeSelections(const Config& config) : config_(config) {
  look_up([](const NodesConfig& nodes) { return selected_nodes(nodes, 0, 1); });
}

NodeSelections::NodeSelections(const Config& config, const Communicator& comm) : config_(config) {
  look_up([&](const NodesConfig& nodes) {
    Words words;
    comm.together([&] { words = selected_nodes(nodes, comm.rank().value, comm.size()); });
    comm.sum(std::span<std::uint64_t>(words));
    return words;
  });
}

void NodeSelections::look_up(const std::function<Words(const NodesConfig&)>& read) {
  for (const PopulationConfig& p : config_.populations) {
    sets_.emplace_back();
    if (!p.nodes || p.nodes->types.empty()) continue;
    sets_.back().emplace(read(*p.nodes));
    check_size(p, *sets_.back());
  }
}

NodeIds NodeSelections::ids(std::size_t population) const {
  const auto& set = sets_[population];
  return NodeIds(config_.populations[population].nodes->size, set ? &*set : nullptr);
}

const IdSet* NodeSelections::of(const std::string& population) const {
  for (std::size_t i = 0; i < sets_.size(); ++i)
    if (config_.populations[i].name == population) return sets_[i] ? &*sets_[i] : nullptr;
  return nullptr;
}

std::vector<std::vector<std::size_t>> NodeSelections::by_file() const {
  std::vector<std::vector<std::size_t>> files;
  const auto& all = config_.projections;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].edges) continue;
    const auto same = std::find_if(files.begin(), files.end(), [&](const auto& members) {
      return same_file(*all[members.front()].edges, *all[i].edges);
    });
    if (same == files.end())
      files.push_back({i});
    else
      same->push_back(i);
  }
  return files;
}

EdgesRequest NodeSelections::request(const ProjectionConfig& projection) const {
  EdgesRequest request = edges_request(config_, projection);
  request.source.selected = of(projection.source);
  request.target.selected = of(projection.target);
  return request;
}

}  // namespace ranvier
