#include "io/sonata/circuit/json_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/base/error.hpp"
#include "core/base/suggest.hpp"
#include "io/text/errors.hpp"
#include "io/text/json.hpp"
#include "io/text/text_file.hpp"

namespace ranvier::sonata {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_mistakes = 100, most_files = 8, longest_path = 4096, longest_chain = 32;

/// Sections that name another file of the config.
constexpr const char* parts[] = {"network", "circuit", "simulation"};

const std::vector<std::string>& top_level_keys() {
  static const std::vector<std::string> keys{
      "manifest",   "network",   "circuit",        "simulation",       "run",
      "conditions", "inputs",    "reports",        "output",           "networks",
      "components", "node_sets", "node_sets_file", "target_simulator", "target_simulator_version",
      "version",    "metadata",  "name",           "mechanisms_dir"};
  return keys;
}

/// What would change the network or what it does.
const std::vector<std::string>& unsupported_keys() {
  static const std::vector<std::string> keys{"node_set", "connection_overrides", "gap_junctions", "groups"};
  return keys;
}

bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

}  // namespace

std::string origin(const Located& at) {
  std::string place = fmt::format("{}:{}:{}", at.file->path, at.node->place.line, at.node->place.column);
  std::replace_if(
      place.begin(), place.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  return fmt::format("  {}{}", Errors::origin_mark, place);
}

JsonFiles::JsonFiles(const std::string& path, std::function<void(const std::string&)> warn) : warn_(std::move(warn)) {
  follow(load(path));
}

const JsonFile& JsonFiles::load(const std::string& path) {
  JsonFile& file = files_.emplace_back();
  file.path = path;
  file.directory = fs::path(path).parent_path().string();
  file.root = parse_json(read_text_file(path, largest_json + 1), path);
  if (!file.root.is_map())
    throw UsageError(fmt::format("{}:1:1: a SONATA config is a map, got {}", path, what_is(file.root)));
  if (const Located manifest = Located{&file, &file.root}.find("manifest"); manifest && manifest.node->is_map())
    for (const auto& entry : manifest.node->entries) {
      const auto dollars = entry.key.find_first_not_of("${");
      std::string name = dollars == std::string::npos ? "" : entry.key.substr(dollars);
      if (!name.empty() && name.back() == '}') name.pop_back();
      file.variables[name] = &entry.value;
    }
  check_top_level(file);
  return file;
}

/// Reads the files that one names, and those that they name, once each.
void JsonFiles::follow(const JsonFile& from) {
  for (const char* part : parts) {
    const Located named = Located{&from, &from.root}.find(part);
    if (!named || named.node->is_map()) continue;
    const auto where = path(named, part);
    if (!where) continue;
    const auto same = [&](const JsonFile& f) { return absolute_path(f.path, "") == *where; };
    if (std::any_of(files_.begin(), files_.end(), same)) continue;
    if (files_.size() >= most_files)
      return mistake(named, fmt::format("more than {} files name each other", most_files));
    follow(load(*where));
  }
}

void JsonFiles::check_top_level(const JsonFile& file) {
  for (const auto& entry : file.root.entries) {
    const Located at{&file, &entry.value};
    if (std::find(unsupported_keys().begin(), unsupported_keys().end(), entry.key) != unsupported_keys().end() &&
        !entry.value.is_null())
      mistake(at, fmt::format("'{}' is not supported", entry.key));
    else if (std::find(top_level_keys().begin(), top_level_keys().end(), entry.key) == top_level_keys().end())
      warn(at, fmt::format("'{}' is not used by Ranvier", entry.key));
  }
}

Located JsonFiles::section(std::string_view name) const {
  for (const auto& file : files_)
    if (const Located found = Located{&file, &file.root}.find(name)) return found;
  return {};
}

std::vector<Located> JsonFiles::sections(std::string_view name) const {
  std::vector<Located> all;
  for (const auto& file : files_)
    if (const Located found = Located{&file, &file.root}.find(name)) all.push_back(found);
  return all;
}

Located JsonFiles::read(const Located& named) {
  const auto where = path(named, "path");
  if (!where) return {};
  try {
    JsonFile& file = others_.emplace_back();
    file.path = *where;
    file.directory = fs::path(*where).parent_path().string();
    file.root = parse_json(read_text_file(*where, largest_json + 1), *where);
    return {&file, &file.root};
  } catch (const UsageError& error) {
    mistake(error.what());
    return {};
  }
}

void JsonFiles::mistake(const Located& at, const std::string& what) {
  const std::string text = fmt::format("{}:{}:{}: {}", at.file->path, at.node->place.line, at.node->place.column, what);
  mistake(text);
}

void JsonFiles::mistake(const std::string& lines) {
  // What has been thrown already may come back here as the mistake of a part.
  if (mistakes_.size() < most_mistakes && std::find(mistakes_.begin(), mistakes_.end(), lines) == mistakes_.end())
    mistakes_.push_back(lines);
  if (mistakes_.size() >= most_mistakes) raise_if_any();
}

void JsonFiles::warn(const Located& at, const std::string& what) {
  if (warn_) warn_(fmt::format("{}:{}:{}: {}", at.file->path, at.node->place.line, at.node->place.column, what));
}

void JsonFiles::raise_if_any() const {
  if (mistakes_.empty()) return;
  const bool all = mistakes_.size() < most_mistakes;
  throw UsageError(
      fmt::format("{}{}", fmt::join(mistakes_, "\n"),
                  all ? "" : fmt::format("\nthere may be more errors; these are the first {}", most_mistakes)));
}

void JsonFiles::check_keys(const Located& map, std::string_view what, const std::vector<std::string>& known) {
  if (!map.node->is_map()) return mistake(map, fmt::format("{}: expected a map, got {}", what, what_is(*map.node)));
  for (const auto& entry : map.node->entries)
    if (std::find(known.begin(), known.end(), entry.key) == known.end())
      warn({map.file, &entry.value},
           fmt::format("'{}' in {} is not used by Ranvier.{}", entry.key, what, did_you_mean(entry.key, known)));
}

std::optional<std::string> JsonFiles::text(const Located& at, std::string_view name) {
  if (at.node->is_scalar() && at.node->quoted && !at.node->text.empty()) return at.node->text;
  mistake(at, fmt::format("{}: expected text, got {}", name, what_is(*at.node)));
  return std::nullopt;
}

std::optional<double> JsonFiles::number(const Located& at, std::string_view name) {
  const bool is_number =
      at.node->is_scalar() && !at.node->quoted && at.node->text != "true" && at.node->text != "false";
  if (is_number) return std::strtod(at.node->text.c_str(), nullptr);
  mistake(at, fmt::format("{}: expected a number, got {}", name, what_is(*at.node)));
  return std::nullopt;
}

bool JsonFiles::flag(const Located& at, std::string_view name, bool otherwise) {
  if (!at) return otherwise;
  if (at.node->is_scalar() && !at.node->quoted && (at.node->text == "true" || at.node->text == "1")) return true;
  if (at.node->is_scalar() && !at.node->quoted && (at.node->text == "false" || at.node->text == "0")) return false;
  mistake(at, fmt::format("{}: expected true or false, got {}", name, what_is(*at.node)));
  return otherwise;
}

std::optional<std::string> JsonFiles::path(const Located& at, std::string_view name) {
  const auto whole = expanded(at, name);
  return whole ? std::optional(absolute_path(*whole, at.file->directory)) : std::nullopt;
}

std::optional<std::string> JsonFiles::result_name(const Located& at, std::string_view name, const std::string& folder) {
  const auto whole = expanded(at, name);
  if (!whole) return std::nullopt;
  const fs::path given(absolute_path(*whole, at.file->directory));
  const bool bare = whole->find('/') == std::string::npos;
  if (!bare && given.parent_path() != fs::path(folder)) {
    mistake(at, fmt::format("{}: '{}' is not in the folder of the results, '{}'; give a name without a folder", name,
                            given.string(), folder));
    return std::nullopt;
  }
  return given.filename().string();
}

std::optional<std::string> JsonFiles::expanded(const Located& at, std::string_view name) {
  const auto given = text(at, name);
  if (!given) return std::nullopt;
  try {
    std::vector<std::string> open;
    const std::string whole = substituted(at, *given, open);
    if (std::any_of(whole.begin(), whole.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
      throw BadPath{at, fmt::format("{}: control characters are not allowed", name)};
    return whole;
  } catch (const BadPath& bad) {
    mistake(bad.at, bad.reason);
    return std::nullopt;
  }
}

/// Replaces $NAME and ${NAME} by the variables of the manifest, which may refer to each other. `open` are those being
/// replaced. Throws at the first mistake, so that no manifest keeps us busy: a path has at most so many characters, and
/// no value is empty.
std::string JsonFiles::substituted(const Located& at, const std::string& given, std::vector<std::string>& open) const {
  std::string whole;
  for (std::size_t i = 0; i < given.size();) {
    if (given[i] != '$') {
      whole += given[i++];
      continue;
    }
    const bool braced = i + 1 < given.size() && given[i + 1] == '{';
    const std::size_t begin = i + (braced ? 2 : 1);
    std::size_t end = begin;
    while (end < given.size() && is_name(given[end])) ++end;
    if (end == begin || (braced && (end == given.size() || given[end] != '}')))
      throw BadPath{at, fmt::format("'{}': expected $NAME or ${{NAME}}", given)};
    whole += value_of(at, given.substr(begin, end - begin), open);
    i = end + (braced ? 1 : 0);
    if (whole.size() > longest_path)
      throw BadPath{at, fmt::format("'{}' becomes longer than {} characters", given, longest_path)};
  }
  return whole;
}

std::string JsonFiles::value_of(const Located& at, const std::string& variable, std::vector<std::string>& open) const {
  const auto& variables = at.file->variables;
  const auto found = variables.find(variable);
  if (found == variables.end()) {
    // Some tools have these without a manifest.
    if (variable == "BASE_DIR" || variable == "configdir") return absolute_path("", at.file->directory);
    if (variable == "workingdir") return fs::current_path().string();
    std::vector<std::string> names;
    names.reserve(variables.size());
    for (const auto& v : variables) names.push_back(v.first);
    throw BadPath{at, fmt::format("'{}' is not in the manifest.{}", variable, did_you_mean(variable, names))};
  }
  const Located value{at.file, found->second};
  if (std::find(open.begin(), open.end(), variable) != open.end())
    throw BadPath{value, fmt::format("manifest: '{}' refers to itself", variable)};
  if (open.size() >= longest_chain)
    throw BadPath{value, fmt::format("manifest: a chain of more than {} variables", longest_chain)};
  if (!value.node->is_scalar() || !value.node->quoted || value.node->text.empty())
    throw BadPath{value, fmt::format("{}: expected text, got {}", variable, what_is(*value.node))};
  open.push_back(variable);
  std::string text = substituted(value, value.node->text, open);
  open.pop_back();
  return text;
}

}  // namespace ranvier::sonata
