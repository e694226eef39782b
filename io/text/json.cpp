#include "io/text/json.hpp"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>

#include "core/base/error.hpp"

namespace ranvier::sonata {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_values = 4'000'000;

/// Characters of a text; tells how many have been taken, so that events can be given places.
class CountedIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountedIterator(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  CountedIterator& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  CountedIterator operator++(int) {
    CountedIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountedIterator& a, const CountedIterator& b) { return a.at_ == b.at_; }
  friend bool operator!=(const CountedIterator& a, const CountedIterator& b) { return a.at_ != b.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

/// Builds the tree from the events of the parser, which does not recurse. Every event is one token; what lies between two
/// tokens is space and punctuation, so that the beginning of a token follows from the end of the one before.
class TreeBuilder : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(const std::string& text, const std::string& file) : text_(text), file_(file), furthest_(text.data()) {}

  const char** furthest() { return &furthest_; }
  YamlNode take() { return std::move(root_); }

  bool null() override { return scalar("", 4, YamlNode::Kind::null); }
  bool boolean(bool value) override { return scalar(value ? "true" : "false", value ? 4 : 5); }
  bool number_integer(number_integer_t) override { return number(); }
  bool number_unsigned(number_unsigned_t) override { return number(); }
  bool number_float(number_float_t, const string_t&) override { return number(); }
  bool string(string_t& value) override {
    begin_token();
    YamlNode& node = add();
    node.kind = YamlNode::Kind::scalar;
    node.quoted = true;
    node.text = std::move(value);
    end_ = taken();
    return true;
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(YamlNode::Kind::map); }
  bool start_array(std::size_t) override { return open(YamlNode::Kind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    begin_token();
    if (!keys_.back().insert(name).second) fail(fmt::format("the key '{}' is given twice", name));
    key_ = std::move(name);
    key_place_ = place();
    end_ = taken();
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception& error) override {
    constexpr int number_overflow = 406;
    if (error.id == number_overflow) {
      begin_token();
      fail(raw_number() + " is too large");
    }
    // The library's text ends with what it expected; its own place is a count of bytes.
    std::string why = error.what();
    const auto colon = why.find(": ");
    if (colon != std::string::npos) why = why.substr(colon + 2);
    begin_ = std::min<std::size_t>(taken() > 0 ? taken() - 1 : 0, text_.size());
    fail("not valid JSON (" + why + ")");
  }

  [[noreturn]] void fail(const std::string& what) const {
    const Place at = place();
    throw UsageError(fmt::format("{}:{}:{}: {}", file_, at.line, at.column, what));
  }

 private:
  std::size_t taken() const { return static_cast<std::size_t>(furthest_ - text_.data()); }

  void begin_token() {
    begin_ = std::min(text_.find_first_not_of(" \t\r\n,:", end_), text_.size());
    // A byte order mark is allowed before the first.
    if (begin_ == 0 && text_.starts_with("\xEF\xBB\xBF")) begin_ = 3;
    for (; counted_ < begin_; ++counted_)
      if (text_[counted_] == '\n') {
        ++line_;
        line_begin_ = counted_ + 1;
      }
  }
  Place place() const {
    Place at{0, line_, static_cast<int>(begin_ - line_begin_) + 1};
    for (std::size_t i = counted_; i < begin_; ++i)
      if (text_[i] == '\n') {
        ++at.line;
        at.column = static_cast<int>(begin_ - i);
      }
    return at;
  }
  std::string raw_number() const {
    return text_.substr(begin_, text_.find_first_not_of("+-.0123456789eE", begin_) - begin_);
  }
  bool number() {
    begin_token();
    const std::string raw = raw_number();
    return scalar(raw, raw.size());
  }
  bool scalar(std::string text, std::size_t length, YamlNode::Kind kind = YamlNode::Kind::scalar) {
    begin_token();
    YamlNode& node = add();
    node.kind = kind;
    node.text = std::move(text);
    end_ = begin_ + length;
    return true;
  }
  bool open(YamlNode::Kind kind) {
    begin_token();
    if (open_.size() >= static_cast<std::size_t>(YamlNode::deepest))
      fail(fmt::format("nested more than {} deep", YamlNode::deepest));
    YamlNode& node = add();
    node.kind = kind;
    open_.push_back(&node);
    keys_.emplace_back();
    end_ = begin_ + 1;
    return true;
  }
  bool close() {
    begin_token();
    open_.pop_back();
    keys_.pop_back();
    end_ = begin_ + 1;
    return true;
  }
  /// The node that the next value goes into. Only the innermost open list or map grows, so that pointers to the open ones
  /// stay valid.
  YamlNode& add() {
    if (++values_ > most_values) fail(fmt::format("more than {} values", most_values));
    YamlNode* into = &root_;
    if (!open_.empty() && open_.back()->is_list()) {
      into = &open_.back()->items.emplace_back();
    } else if (!open_.empty()) {
      open_.back()->entries.push_back({std::move(key_), key_place_, {}});
      into = &open_.back()->entries.back().value;
    }
    into->place = place();
    return *into;
  }

  const std::string& text_;
  const std::string& file_;
  const char* furthest_;
  std::size_t begin_ = 0, end_ = 0;           // of the token at hand; of the one before
  std::size_t counted_ = 0, line_begin_ = 0;  // lines are counted up to here
  int line_ = 1;
  std::size_t values_ = 0;
  YamlNode root_;
  std::vector<YamlNode*> open_;
  std::vector<std::unordered_set<std::string>> keys_;
  std::string key_;
  Place key_place_;
};

}  // namespace

YamlNode parse_json(const std::string& text, const std::string& file) {
  if (text.size() > largest_json)
    throw UsageError(fmt::format("{}:1:1: the file is larger than {} MB", file, largest_json / 1'000'000));
  TreeBuilder builder(text, file);
  const char* end = text.data() + text.size();
  Json::sax_parse(CountedIterator(text.data(), builder.furthest()), CountedIterator(end, builder.furthest()), &builder);
  return builder.take();
}

}  // namespace ranvier::sonata
