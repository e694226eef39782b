#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "io/text/errors.hpp"

/// A config file as a tree, before anything is known about its meaning. Owned, finite, at most `YamlNode::deepest` deep.
namespace ranvier {

struct YamlNode {
  enum class Kind { null, scalar, list, map };
  static constexpr int deepest = 32;

  struct Entry;

  Kind kind = Kind::null;
  Place place;
  std::string text;             ///< of a scalar
  bool quoted = false;          ///< a scalar in quotes or a block scalar
  std::vector<YamlNode> items;  ///< of a list
  std::vector<Entry> entries;   ///< of a map, in the order of the file; keys are distinct

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }

  inline const YamlNode* find(std::string_view key) const;
  inline YamlNode* find(std::string_view key);
  inline std::vector<std::string> keys() const;
};

struct YamlNode::Entry {
  std::string key;
  Place place;  ///< of the key
  YamlNode value;
};

inline const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

inline YamlNode* YamlNode::find(std::string_view key) {
  return const_cast<YamlNode*>(static_cast<const YamlNode*>(this)->find(key));
}

inline std::vector<std::string> YamlNode::keys() const {
  std::vector<std::string> all;
  for (const auto& entry : entries) all.push_back(entry.key);
  return all;
}

/// "nothing", "a list", "a map", "'text'": for "expected ..., got ...".
std::string what_is(const YamlNode& node);

}  // namespace ranvier
