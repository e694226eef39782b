#include "io/config/differences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace ranvier {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;  // path, value

/// "{a: 1, b: {c: 2}}" -> "a: 1", "b: {c: 2}"
std::vector<std::string> split_flow_map(const std::string& map) {
  std::vector<std::string> parts(1);
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 1; i + 1 < map.size(); ++i) {
    const char c = map[i];
    if (c == '"' && map[i - 1] != '\\') quoted = !quoted;
    if (!quoted && (c == '{' || c == '[')) ++depth;
    if (!quoted && (c == '}' || c == ']')) --depth;
    if (!quoted && depth == 0 && c == ',') {
      parts.emplace_back();
      ++i;  // the blank after it
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

void add(const std::string& path, const std::string& value, Entries& entries) {
  if (value.size() < 3 || value.front() != '{') {
    entries.emplace_back(path, value);
    return;
  }
  for (const auto& part : split_flow_map(value)) {
    const auto colon = part.find(": ");
    if (colon == std::string::npos)
      entries.emplace_back(path, part);
    else
      add(path + "." + part.substr(0, colon), part.substr(colon + 2), entries);
  }
}

/// The lines of a printed config: two blanks of indentation a level, items of lists after "- ".
Entries flatten(const std::string& text) {
  Entries entries;
  std::vector<std::string> keys;
  std::size_t item = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blanks = line.find_first_not_of(' ');
    if (blanks == std::string::npos) continue;
    keys.resize(std::min(keys.size(), blanks / 2));
    const std::string rest = line.substr(blanks);
    const std::string parent = fmt::format("{}", fmt::join(keys, "."));
    if (rest.starts_with("- ")) {
      add(fmt::format("{}[{}]", parent, item++), rest.substr(2), entries);
      continue;
    }
    item = 0;
    const auto colon = rest.find(": ");
    keys.push_back(rest.substr(0, colon == std::string::npos ? rest.size() - 1 : colon));
    if (colon != std::string::npos)
      add((parent.empty() ? "" : parent + ".") + keys.back(), rest.substr(colon + 2), entries);
  }
  return entries;
}

const std::string* find(const Entries& entries, const std::string& path) {
  const auto it = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.first == path; });
  return it == entries.end() ? nullptr : &it->second;
}

}  // namespace

std::vector<std::string> config_differences(const std::string& one, const std::string& other) {
  std::vector<std::string> differences;
  if (one == other) return differences;
  const Entries a = flatten(one), b = flatten(other);
  for (const auto& [path, value] : a) {
    const std::string* theirs = find(b, path);
    if (theirs == nullptr || *theirs != value)
      differences.push_back(fmt::format("{}: {} / {}", path, value, theirs == nullptr ? "nothing" : *theirs));
  }
  for (const auto& [path, value] : b)
    if (find(a, path) == nullptr) differences.push_back(fmt::format("{}: nothing / {}", path, value));
  // What differs in nothing but order.
  if (differences.empty()) differences.push_back("the order of the entries");
  return differences;
}

}  // namespace ranvier
