#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/value.hpp"
#include "io/files/file_facts.hpp"
#include "io/sonata/base/types_by_id.hpp"
#include "io/sonata/nodes/node_summary.hpp"
#include "io/sonata/nodes/templates.hpp"

namespace ranvier::sonata {

/// Where a population of nodes is described.
struct NodeSources {
  std::string file, population;
  std::string types_file;  ///< CSV of node types
  std::string components;  ///< folder of the JSON files that it names under dynamics_params
};

/// Nodes of one population that one model simulates.
struct NodeKind {
  std::string name;                     ///< model_template, or `virtual`
  const NodeTemplate* model = nullptr;  ///< null: virtual
  std::vector<std::int64_t> types;      ///< node_type_id, ascending
  std::uint64_t size = 0;               ///< nodes
};

/// The node types of a population and what simulates them. Throws UsageError with all that is not supported, by file and
/// node type: models other than point neurons of `templates` and virtual nodes.
class NodeTypes {
 public:
  NodeTypes(FileFacts&, NodeSources);

  const NodeSources& sources() const { return sources_; }
  const NodeSummary& summary() const { return summary_; }
  const TypesById& table() const { return table_; }
  /// In the order of the first type of each.
  const std::vector<NodeKind>& kinds() const { return kinds_; }

 private:
  void add(std::int64_t type, std::uint64_t nodes, std::string& problems);

  NodeSources sources_;
  NodeSummary summary_;
  TypesById table_;
  std::vector<NodeKind> kinds_;
};

/// Values of one field of a template, for all nodes of a kind: one number, or NodeValues.
struct FieldOfNodes {
  const TemplateField* field;
  Value value;
};

/// The JSON files of the parameters of a kind's types: empty for a type that names none.
std::vector<std::string> parameter_files(const NodeTypes&, const NodeKind&);

/// All fields of a kind that has a model, from the JSON files of its types, the datasets of its groups, and NEST's defaults.
/// Throws UsageError for parameters that the model does not have, and for what it has at one value only.
std::vector<FieldOfNodes> fields_of(FileFacts&, const NodeTypes&, const NodeKind&);

}  // namespace ranvier::sonata
