#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/id_set.hpp"
#include "io/hdf5/file.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// Which nodes the neurons of a population are: neuron i is the i-th of those that are selected.
class NodeIds {
 public:
  /// `size`: nodes in all. `selected` must outlive the object; null: all nodes are neurons.
  explicit NodeIds(std::uint64_t size, const IdSet* selected = nullptr) : size_(size), selected_(selected) {}

  std::uint64_t neurons() const { return selected_ ? selected_->size() : size_; }
  std::uint64_t node(std::uint64_t neuron) const {
    return selected_ ? selected_->at(static_cast<std::uint32_t>(neuron)) : neuron;
  }
  /// Whether a node is a neuron of the population; and which.
  bool contains(std::uint64_t node) const {
    return node < size_ && (!selected_ || selected_->contains(static_cast<std::uint32_t>(node)));
  }
  std::uint64_t neuron(std::uint64_t node) const {
    return selected_ ? selected_->index(static_cast<std::uint32_t>(node)) : node;
  }

 private:
  std::uint64_t size_;
  const IdSet* selected_;
};

/// Reads what the nodes file says of neurons [first, first + count) of a population. RuntimeError naming file and dataset.
class NodeShare {
 public:
  /// `nodes` must outlive the object.
  NodeShare(const NodesConfig& nodes, const NodeIds&, std::uint64_t first, std::uint64_t count);

  /// One number for each of these neurons.
  std::vector<double> operator()(const NodeValues&);

 private:
  template <class Read>
  void for_blocks(const std::string& dataset, Read) const;
  std::vector<std::int64_t> integers(const std::string& dataset) const;
  void read_group(std::uint64_t group, const std::string& dataset, std::vector<double>& values) const;

  const NodesConfig& nodes_;
  std::string path_;
  hdf5::File file_;
  std::vector<std::uint64_t> rows_;  ///< the node of each neuron, ascending
  std::vector<std::int64_t> types_;  ///< of each neuron
  std::vector<std::int64_t>
      groups_;  ///< of each neuron, and its place there; read where numbers are given node by node
  std::vector<std::int64_t> places_;
};

/// Reads all numbers of a population that are given node by node, and throws where one is not finite.
void check_node_values(const NodesConfig&, const NodeIds&, const NodeValues&);

}  // namespace ranvier
