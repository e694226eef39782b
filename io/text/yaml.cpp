#include "io/text/yaml.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <sstream>
#include <unordered_set>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "core/base/printable.hpp"

namespace ranvier {
namespace {

constexpr std::string_view no_aliases = "aliases (*name) are not allowed; use 'variables' or 'like'";

struct YamlError {
  Place place;
  std::string reason;
};

Place place_of(const YAML::Mark& mark, int source) { return {source, mark.line + 1, mark.column + 1}; }

/// Throws YamlError for what the YAML library must not see: it ends a file at byte 4, guesses at UTF-16, and holds all
/// tokens of an unclosed bracket in memory.
void check_text(std::string_view text, int source) {
  constexpr int most_open = 64;
  if (text.size() > largest_config)
    throw YamlError{
        {source, 1, 1},
        fmt::format("the config is larger than {} MB; put large data into HDF5", largest_config / 1'000'000)};
  Place place{source, 1, 1};
  int open = 0;
  bool comment = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const std::size_t length = utf8_length(text, i);
    if (length == 0)
      throw YamlError{place,
                      fmt::format("the config is not UTF-8 text (byte 0x{:02x})", static_cast<unsigned char>(c))};
    const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r';
    if (control || c == 0x7F) throw YamlError{place, fmt::format("control character 0x{:02x}", static_cast<int>(c))};
    if (c == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t' || text[i - 1] == '\n')) comment = true;
    if (!comment && (c == '[' || c == '{') && ++open > most_open)
      throw YamlError{place, fmt::format("more than {} brackets are open", most_open)};
    if (!comment && (c == ']' || c == '}')) open = std::max(0, open - 1);
    if (c == '\n') {
      comment = false;
      ++place.line;
      place.column = 0;
    }
    ++place.column;
    i += length;
  }
}

/// Builds the tree from the parser's events. Throwing from an event ends the parser's recursion before it runs deep.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(int source, Errors& errors) : source_(source), errors_(errors) {}

  YamlNode take() { return std::move(root_); }
  const Place& start() const { return start_; }

  void OnDocumentStart(const YAML::Mark& mark) override { start_ = place_of(mark, source_); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(YamlNode::Kind::null, mark, "?", anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw YamlError{place_of(mark, source_), std::string(no_aliases)};
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    throw YamlError{place_of(mark, source_),
                    fmt::format("anchors (&{}) are not allowed; use 'variables' or 'like'", name)};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = make(YamlNode::Kind::scalar, mark, tag, anchor);
    node.text = value;
    node.quoted = tag == "!";
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(YamlNode::Kind::list, mark, tag, anchor));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(YamlNode::Kind::map, mark, tag, anchor));
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    YamlNode node;
    std::unordered_set<std::string> keys{};
    bool has_key = false;
    bool drop_value = false;  ///< of a duplicate key
    std::string key{};
    Place key_place{};
  };

  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    YamlNode node;
    node.kind = kind;
    node.place = place_of(mark, source_);
    if (anchor != YAML::NullAnchor)
      throw YamlError{node.place, "anchors (&name) are not allowed; use 'variables' or 'like'"};
    if (!tag.empty() && tag != "?" && tag != "!")
      throw YamlError{node.place, fmt::format("tags ({}) are not allowed", tag)};
    return node;
  }

  void open(YamlNode node) {
    if (stack_.size() >= YamlNode::deepest)
      throw YamlError{node.place, fmt::format("nested more than {} deep", YamlNode::deepest)};
    if (!stack_.empty() && stack_.back().node.is_map() && !stack_.back().has_key)
      throw YamlError{node.place, "a key must be a name, not a list or a map (is a bracket left open?)"};
    stack_.push_back({std::move(node)});
  }

  void close() {
    YamlNode done = std::move(stack_.back().node);
    stack_.pop_back();
    add(std::move(done));
  }

  void add(YamlNode node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = stack_.back();
    if (level.node.is_list()) {
      level.node.items.push_back(std::move(node));
    } else if (!level.has_key) {
      begin_entry(level, node);
    } else {
      level.has_key = false;
      if (!level.drop_value) level.node.entries.push_back({std::move(level.key), level.key_place, std::move(node)});
    }
  }

  void begin_entry(Level& level, const YamlNode& key) {
    if (!key.is_scalar()) throw YamlError{key.place, "a key is missing before ':'"};
    if (key.text == "<<") throw YamlError{key.place, "merge keys (<<) are not allowed; use 'like'"};
    level.drop_value = !level.keys.insert(key.text).second;
    if (level.drop_value) errors_.add(key.place, fmt::format("key '{}' is given twice", key.text));
    level.has_key = true;
    level.key = key.text;
    level.key_place = key.place;
  }

  int source_;
  Errors& errors_;
  Place start_;
  std::vector<Level> stack_;
  YamlNode root_;
};

YamlNode nothing(int source) {
  YamlNode node;
  node.place.source = source;
  return node;
}

YamlNode parse(const std::string& text, int source, Errors& errors) {
  check_text(text, source);
  // The parser takes the end of the text for the end of an open quote, but not the end of a document.
  std::istringstream stream(text + "\n...\n");
  YAML::Parser parser(stream);
  TreeBuilder tree(source, errors);
  if (!parser.HandleNextDocument(tree)) return nothing(source);
  TreeBuilder second(source, errors);
  if (parser.HandleNextDocument(second))
    throw YamlError{second.start(), "a second document starts here (---); a config is one document"};
  return tree.take();
}

/// A tab in front of the line where reading failed, or of the last one before it that is not empty; the library only says
/// that a key or a value is out of place.
std::optional<Place> tab_before(const std::string& text, const Place& failed) {
  std::optional<Place> before;
  int line = 1;
  for (std::size_t at = 0; at < text.size() && line <= failed.line; ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t first = text.find_first_not_of(" \t", at), tab = text.find('\t', at);
    const bool has_text = first < end && text[first] != '#';
    std::optional<Place> here;
    if (has_text && tab < first) here = Place{0, line, static_cast<int>(tab - at) + 1};
    if (line == failed.line) return here ? here : before;
    if (has_text) before = here;
    at = end + 1;
  }
  return before;
}

void report(const YAML::Exception& error, const std::string& text, int source, Errors& errors) {
  Place place = error.mark.is_null() ? Place{source, 1, 1} : place_of(error.mark, source);
  std::string reason = "not valid YAML: " + error.msg;
  if (error.msg.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR)) reason = no_aliases;
  if (const auto tab = tab_before(text, place)) {
    place = *tab;
    place.source = source;
    reason = "not valid YAML: a tab stands in the indentation; YAML indents by spaces only";
  }
  // Beyond the text lies only the end of the document that parse() adds.
  const int lines = 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  if (place.line > lines) {
    place = {source, lines, 1};
    reason = "not valid YAML: a quote or a bracket is not closed before the end";
  }
  errors.add(place, reason);
}

}  // namespace

YamlNode parse_yaml(const std::string& text, int source, Errors& errors) {
  try {
    return parse(text, source, errors);
  } catch (const YamlError& error) {
    errors.add(error.place, error.reason);
  } catch (const YAML::Exception& error) {
    report(error, text, source, errors);
  }
  return nothing(source);
}

std::string what_is(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null: return "nothing";
    case YamlNode::Kind::list: return "a list";
    case YamlNode::Kind::map: return "a map";
    case YamlNode::Kind::scalar: break;
  }
  return "'" + node.text + "'";
}

}  // namespace ranvier
