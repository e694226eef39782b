#include "io/sonata/nodes/node_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "io/hdf5/dataset.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t block = 1 << 20;

hdf5::Dataset open_list(const hdf5::File& file, const std::string& path) {
  auto dataset = hdf5::Dataset::open(file, path);
  if (dataset.extent().size() != 1)
    throw RuntimeError(fmt::format("{} has {} dimensions; one is expected", dataset.name(), dataset.extent().size()));
  dataset.check_size();
  return dataset;
}

}  // namespace

NodeShare::NodeShare(const NodesConfig& nodes, const NodeIds& ids, std::uint64_t first, std::uint64_t count)
    : nodes_(nodes), path_("/nodes/" + nodes.population), file_(hdf5::File::open(nodes.file)), rows_(count) {
  for (std::uint64_t i = 0; i < count; ++i) rows_[i] = ids.node(first + i);
  types_ = integers(path_ + "/node_type_id");
}

/// Calls read(dataset, first row, rows, first neuron, end of neurons) for blocks of rows that hold all neurons.
template <class Read>
void NodeShare::for_blocks(const std::string& path, Read read) const {
  const auto dataset = open_list(file_, path);
  for (std::size_t i = 0; i < rows_.size();) {
    const std::uint64_t first = rows_[i];
    const auto end = std::lower_bound(rows_.begin() + static_cast<std::ptrdiff_t>(i), rows_.end(), first + block);
    const auto last = static_cast<std::size_t>(end - rows_.begin());
    read(dataset, first, rows_[last - 1] + 1 - first, i, last);
    i = last;
  }
}

std::vector<std::int64_t> NodeShare::integers(const std::string& path) const {
  std::vector<std::int64_t> all(rows_.size()), rows;
  for_blocks(path, [&](const hdf5::Dataset& dataset, std::uint64_t first, std::uint64_t count, std::size_t begin,
                       std::size_t end) {
    rows.resize(count);
    dataset.read({first}, {count}, rows.data());
    for (std::size_t i = begin; i < end; ++i) all[i] = rows[rows_[i] - first];
  });
  return all;
}

std::vector<double> NodeShare::operator()(const NodeValues& values) {
  std::vector<double> all(rows_.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& table = values.by_type;
    const auto found = std::lower_bound(table.begin(), table.end(), types_[i],
                                        [](const auto& entry, std::int64_t type) { return entry.first < type; });
    if (found == table.end() || found->first != types_[i])
      throw RuntimeError(
          fmt::format("node {} of '{}' in '{}' has the type {}, which differs from its type when the config was read",
                      rows_[i], nodes_.population, nodes_.file, types_[i]));
    all[i] = found->second;
  }
  if (values.by_group.empty() || rows_.empty()) return all;
  if (groups_.empty() && file_.has(path_ + "/node_group_id")) {
    groups_ = integers(path_ + "/node_group_id");
    places_ = integers(path_ + "/node_group_index");
  } else if (groups_.empty()) {
    // Without a word on groups all nodes are in the only one, in their order.
    groups_.assign(rows_.size(), static_cast<std::int64_t>(values.by_group.front().first));
    places_.assign(rows_.begin(), rows_.end());
  }
  for (const auto& [group, dataset] : values.by_group) read_group(group, dataset, all);
  return all;
}

/// Places of neurons within a group ascend as a rule but need not: they are read in ascending order, block by block.
void NodeShare::read_group(std::uint64_t group, const std::string& path, std::vector<double>& values) const {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < groups_.size(); ++i)
    if (groups_[i] == static_cast<std::int64_t>(group)) members.push_back(i);
  const auto place = [&](std::size_t member) { return static_cast<std::uint64_t>(places_[member]); };
  std::sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) { return places_[a] < places_[b]; });
  const auto dataset = open_list(file_, path);
  std::vector<double> part;
  for (std::size_t m = 0; m < members.size();) {
    const std::uint64_t first = place(members[m]);
    std::size_t end = m;
    while (end < members.size() && place(members[end]) - first < block) ++end;
    part.resize(place(members[end - 1]) + 1 - first);
    dataset.read({first}, {part.size()}, part.data());
    for (; m < end; ++m) {
      values[members[m]] = part[place(members[m]) - first];
      if (!std::isfinite(values[members[m]]))
        throw RuntimeError(fmt::format("number {} of {} is not finite", place(members[m]), dataset.name()));
    }
  }
}

void check_node_values(const NodesConfig& nodes, const NodeIds& ids, const NodeValues& values) {
  for (std::uint64_t first = 0; first < ids.neurons(); first += block)
    NodeShare(nodes, ids, first, std::min(block, ids.neurons() - first))(values);
}

}  // namespace ranvier
