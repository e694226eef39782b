#include "io/config/like.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "io/config/grammar.hpp"

namespace ranvier {
namespace {

constexpr std::size_t longest_chain = 32;

/// What all copies together may hold: a small file could otherwise grow without bounds.
constexpr std::size_t most_copied = 2'000'000;

struct TooLarge {};

std::size_t count_nodes(const YamlNode& node) {
  std::size_t n = 1;
  for (const auto& item : node.items) n += count_nodes(item);
  for (const auto& entry : node.entries) n += count_nodes(entry.value);
  return n;
}

void copy(const YamlNode::Entry& entry, YamlNode& into, std::size_t& copied) {
  copied += count_nodes(entry.value);
  if (copied > most_copied) throw TooLarge{};
  into.entries.push_back(entry);
}

/// Adds what `base` has and `node` lacks, down to `depth` maps within. Deeper maps (distributions) are replaced whole.
void complete(YamlNode& node, const YamlNode& base, int depth, std::size_t& copied) {
  std::unordered_map<std::string, std::size_t> own;
  for (std::size_t i = 0; i < node.entries.size(); ++i) own.emplace(node.entries[i].key, i);
  for (const auto& entry : base.entries) {
    const auto found = own.find(entry.key);
    if (found == own.end()) {
      copy(entry, node, copied);
    } else if (YamlNode& value = node.entries[found->second].value;
               depth > 0 && value.is_map() && entry.value.is_map()) {
      complete(value, entry.value, depth - 1, copied);
    }
  }
}

/// How deep a key of a population merges: parameters one by one, receptors by name and then one by one.
int merge_depth(const grammar::Key& key) {
  using grammar::Shape;
  if (key.shape == Shape::params || key.shape == Shape::init) return 0;
  return key.shape == Shape::by_name ? 1 : -1;
}

void complete_population(YamlNode& node, const YamlNode& base, std::size_t& copied) {
  for (const auto& entry : base.entries) {
    YamlNode* own = node.find(entry.key);
    if (!own) {
      copy(entry, node, copied);
      continue;
    }
    for (const auto& key : grammar::population_section.keys)
      if (key.name == entry.key && merge_depth(key) >= 0 && own->is_map() && entry.value.is_map())
        complete(*own, entry.value, merge_depth(key), copied);
  }
}

class LikeExpander {
 public:
  LikeExpander(Context& context, YamlNode& populations) : context_(context), populations_(populations) {
    for (std::size_t i = 0; i < populations.entries.size(); ++i) index_.emplace(populations.entries[i].key, i);
  }

  void expand_all() {
    try {
      for (auto& entry : populations_.entries) expand(entry);
    } catch (const TooLarge&) {
      context_.error(populations_.place, "like: the populations grow beyond {} entries", most_copied);
      context_.errors.raise_if_any();
    }
  }

 private:
  void expand(YamlNode::Entry& entry) {
    YamlNode& node = entry.value;
    const YamlNode* like = node.is_map() ? node.find(grammar::like.name) : nullptr;
    if (!like || failed_.contains(entry.key)) return;
    if (!like->is_scalar())
      return context_.error(like->place, "like: expected the name of a population, got {}", what_is(*like));
    const std::string name = like->text;
    const Place place = like->place;
    chain_.push_back(entry.key);
    // Out before the other is expanded: a circle then ends where it closes.
    const auto at = std::find_if(node.entries.begin(), node.entries.end(),
                                 [](const auto& e) { return e.key == grammar::like.name; });
    const YamlNode::Entry kept = *at;
    node.entries.erase(at);
    // One that is like a failed one has been given the key by it.
    const bool good = copy_from(name, place, node) && !node.find(grammar::like.name);
    if (!good) {
      failed_.insert(entry.key);
      if (!node.find(grammar::like.name)) node.entries.push_back(kept);
    }
    chain_.pop_back();
  }

  /// False after reporting why not.
  bool copy_from(const std::string& name, const Place& place, YamlNode& node) {
    const auto closes = std::find(chain_.begin(), chain_.end(), name);
    if (closes != chain_.end()) {
      std::string circle;
      for (auto it = closes; it != chain_.end(); ++it) circle += *it + " -> ";
      context_.error(place, "like: circular reference of populations: {}{}", circle, name);
      return false;
    }
    if (chain_.size() > longest_chain) {
      context_.error(place, "like: a chain of more than {} populations", longest_chain);
      return false;
    }
    const auto found = index_.find(name);
    if (found == index_.end()) {
      context_.error(place, "like: unknown population '{}'{}", name, hint_for(name, populations_.keys()));
      return false;
    }
    YamlNode::Entry& base = populations_.entries[found->second];
    expand(base);
    if (base.value.is_map()) complete_population(node, base.value, copied_);
    return true;
  }

  Context& context_;
  YamlNode& populations_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<std::string> chain_;
  std::unordered_set<std::string> failed_;
  std::size_t copied_ = 0;
};

}  // namespace

void expand_like(Context& context, YamlNode& populations) {
  if (populations.is_map()) LikeExpander(context, populations).expand_all();
}

}  // namespace ranvier
