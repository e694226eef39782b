#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "io/files/file_facts.hpp"

namespace ranvier::sonata {

/// What is known of `/nodes/<population>` of a nodes file without its numbers.
struct NodeSummary {
  /// A group of nodes with attributes of their own, `/nodes/<population>/<id>`.
  struct Group {
    std::uint64_t size = 0;                    ///< nodes in it
    std::vector<std::string> dynamics_params;  ///< parameters given node by node
    std::vector<std::string> attributes;       ///< other datasets
  };

  std::string file, population;
  std::uint64_t size = 0;                                     ///< nodes
  std::vector<std::pair<std::int64_t, std::uint64_t>> types;  ///< node_type_id and number of its nodes, ascending
  std::map<std::uint64_t, Group> groups;

  std::string group(std::uint64_t id) const { return "/nodes/" + population + "/" + std::to_string(id); }
};

/// Names of the populations in `/nodes` (of an edges file: in `/edges`), in alphabetical order. UsageError where there
/// are none or the file cannot be read.
std::vector<std::string> populations_in(FileFacts&, const std::string& file, const std::string& root);

/// Reads the ids, types and groups of all nodes once, in a child process, with checks: nodes are in the order of their ids,
/// which are 0 to size - 1; every one has a type and a place in a group that exists; numbers given node by node are one for each node of
/// the group. UsageError naming file and dataset otherwise.
NodeSummary summarize_nodes(FileFacts&, const std::string& file, const std::string& population);

}  // namespace ranvier::sonata
