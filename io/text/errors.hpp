#pragma once
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

/// Collects what is wrong with a config, so that all of it can be said at once.
namespace ranvier {

/// Where in a config something stands. Lines and columns count from 1; source 0 is the file, source k the k-th --set.
struct Place {
  int source = 0;
  int line = 1;
  int column = 1;
};

class Errors {
 public:
  /// `file` is the name to print; `set` the assignments of --set.
  Errors(std::string file, std::vector<std::string> set);
  /// Of a text that was translated from another file: lines end with where they come from, "#@ file:line:column", which is
  /// printed instead of the place in the text.
  static constexpr std::string_view origin_mark = "#@ ";
  void take_origins(std::string_view text);

  /// Adds "file:line:column: what". The same text at the same place counts once.
  /// After 100 errors gives up: throws UsageError with those.
  void add(const Place& place, std::string_view what);

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }

  /// Throws UsageError with all errors in the order of their places; does nothing where there are none.
  void raise_if_any() const;

 private:
  struct Entry {
    Place place;
    std::string text;
  };
  std::string print(const Place&) const;

  std::string file_;
  std::vector<std::string> set_;
  std::vector<std::string> origins_;  ///< by line; empty where there is none
  std::vector<Entry> entries_;
  std::unordered_set<std::string> seen_;
};

}  // namespace ranvier
