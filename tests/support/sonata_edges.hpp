#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "io/hdf5/attribute.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/hdf5/file.hpp"

namespace ranvier::testing {

template <class T>
void write_list(hdf5::File& file, const std::string& path, const std::vector<T>& values) {
  hdf5::Dataset::create<T>(file, path, {values.size()}).template write<T>({0}, {values.size()}, values.data());
}

/// A SONATA edges file to be, column by column; what is empty is left out.
struct SonataEdges {
  struct Attributes {
    std::vector<double> weight, delay;
    std::vector<std::int64_t> nsyns;
  };
  std::string population = "a_to_b";
  std::vector<std::uint64_t> sources, targets;
  std::vector<std::int64_t> types, group_id, group_index;
  std::map<std::string, Attributes> groups;
  std::string source_nodes, target_nodes;  ///< attribute node_population
  std::string first_table;       ///< of an index by target: node_id_to_ranges or node_id_to_range; empty: none
  std::uint64_t index_rows = 0;  ///< target nodes in it

  void write(const std::string& path) const {
    auto file = hdf5::File::create(path);
    const std::string root = "/edges/" + population;
    write_list(file, root + "/source_node_id", sources);
    write_list(file, root + "/target_node_id", targets);
    if (!source_nodes.empty()) hdf5::write_attribute(file, root + "/source_node_id", "node_population", source_nodes);
    if (!target_nodes.empty()) hdf5::write_attribute(file, root + "/target_node_id", "node_population", target_nodes);
    if (!types.empty()) write_list(file, root + "/edge_type_id", types);
    if (!group_id.empty()) write_list(file, root + "/edge_group_id", group_id);
    if (!group_index.empty()) write_list(file, root + "/edge_group_index", group_index);
    for (const auto& [name, attributes] : groups) {
      const std::string group = root + "/" + name;
      file.make_group(group);
      if (!attributes.weight.empty()) write_list(file, group + "/syn_weight", attributes.weight);
      if (!attributes.delay.empty()) write_list(file, group + "/delay", attributes.delay);
      if (!attributes.nsyns.empty()) write_list(file, group + "/nsyns", attributes.nsyns);
    }
    if (!first_table.empty()) write_index(file, root + "/indices/target_to_source");
    file.close();
  }

 private:
  /// Node by node the ranges of edges in a row that end on it.
  void write_index(hdf5::File& file, const std::string& group) const {
    std::vector<std::int64_t> of_nodes, of_edges;
    for (std::uint64_t node = 0; node < index_rows; ++node) {
      of_nodes.push_back(static_cast<std::int64_t>(of_edges.size() / 2));
      for (std::size_t e = 0; e < targets.size(); ++e) {
        if (targets[e] != node) continue;
        const bool goes_on = e > 0 && targets[e - 1] == node;
        if (!goes_on) of_edges.insert(of_edges.end(), {static_cast<std::int64_t>(e), static_cast<std::int64_t>(e)});
        of_edges.back() = static_cast<std::int64_t>(e + 1);
      }
      of_nodes.push_back(static_cast<std::int64_t>(of_edges.size() / 2));
    }
    const auto write_pairs = [&](const std::string& name, const std::vector<std::int64_t>& pairs) {
      const std::uint64_t rows = pairs.size() / 2;
      hdf5::Dataset::create<std::int64_t>(file, group + "/" + name, {rows, 2})
          .write<std::int64_t>({0, 0}, {rows, 2}, pairs.data());
    };
    write_pairs(first_table, of_nodes);
    write_pairs("range_to_edge_id", of_edges);
  }
};

}  // namespace ranvier::testing
