#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "io/sonata/circuit/json_files.hpp"
#include "io/sonata/circuit/network.hpp"

namespace ranvier::sonata {

/// Some neurons of one population.
struct Selection {
  const CircuitPopulation* population;
  bool all = true;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> neurons;  ///< half-open ranges, where not all

  /// "0-9, 15-15" for `ids`.
  std::string ids() const;
};

/// The node sets of a config: basic ones by attributes, compound ones by names. Populations are node sets too, and `all`.
class NodeSets {
 public:
  NodeSets(JsonFiles& json, const Network& network);

  /// The neurons that are meant by the name of a set or by a set in place, by population; those without any are left out.
  /// A mistake is added where the reference means nothing, or nobody.
  std::vector<Selection> select(const Located& reference);

 private:
  using Members = std::vector<bool>;  ///< by node of a SONATA population

  Located find(const std::string& name) const;
  std::vector<std::string> names() const;
  void add_members(const Located& set, const NodeTypes& types, Members& members, std::vector<std::string>& open);
  void add_by_name(const Located& reference, const std::string& name, const NodeTypes& types, Members& members,
                   std::vector<std::string>& open);
  Members matching(const Located& rules, const NodeTypes& types);
  void keep(const Located& rules, const Located& rule, const std::string& attribute, const NodeTypes& types,
            Members& members);
  std::uint64_t largest_population(const Located& rules) const;
  /// `size`: nodes of the largest population that the rules may be about.
  void keep_ids(const Located& rule, std::uint64_t size, Members& members);
  bool is_attribute_of_any(const std::string& attribute) const;
  /// All that a rule can be about.
  std::vector<std::string> attributes() const;

  JsonFiles& json_;
  const Network& network_;
  std::size_t looked_at_ = 0;                         ///< sets, while members are collected
  std::vector<Located> files_;                        ///< maps of node sets; the first that has a name counts
  std::unordered_map<std::string, Located> by_name_;  ///< of all files
};

}  // namespace ranvier::sonata
