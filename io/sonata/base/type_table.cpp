#include "io/sonata/base/type_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <type_traits>

#include "core/base/error.hpp"
#include "io/hdf5/file.hpp"
#include "io/text/csv.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t largest_table = std::uint64_t{64} << 20;  // bytes

/// Columns are found by looking through their names.
constexpr std::size_t most_columns = 1000;

using Fields = std::vector<std::optional<std::string>>;

std::optional<std::string> value_of(std::string text, bool quoted) {
  if (!quoted)
    for (const std::string_view nothing : {"", "NULL", "NA", "NaN", "nan", "None"})
      if (text == nothing) return std::nullopt;
  return text;
}

std::string why_no_table(std::string_view line, bool header) {
  if (header && line.find('\t') != std::string_view::npos)
    return "the columns are separated by tabs; SONATA's CSV separates them by a space";
  return sonata::why_no_csv(line, header);
}

/// Nothing where a quote is left open.
std::optional<Fields> split(std::string_view line) {
  Fields fields;
  std::size_t at = 0;
  for (bool more = true; more;) {
    std::string text;
    const bool quoted = at < line.size() && line[at] == '"';
    if (quoted) {
      for (++at;; ++at) {
        if (at >= line.size()) return std::nullopt;
        if (line[at] != '"') {
          text += line[at];
        } else if (at + 1 < line.size() && line[at + 1] == '"') {
          text += line[++at];
        } else {
          ++at;
          break;
        }
      }
    }
    const std::size_t end = std::min(line.find(' ', at), line.size());
    text += line.substr(at, end - at);
    fields.push_back(value_of(std::move(text), quoted));
    more = end < line.size();
    at = end + 1;
  }
  // Spaces at the end of a line.
  while (fields.size() > 1 && !fields.back()) {
    if (line.back() != ' ') break;
    line.remove_suffix(1);
    fields.pop_back();
  }
  return fields;
}

}  // namespace

TypeTable TypeTable::read(const std::string& path) {
  const std::uint64_t size = hdf5::file_size(path);
  if (size > largest_table)
    throw RuntimeError(fmt::format("'{}' has {} bytes; a table of types has at most {}", path, size, largest_table));
  std::ifstream stream(path, std::ios::binary);
  std::string text(size, '\0');
  if (!stream.read(text.data(), static_cast<std::streamsize>(size)))
    throw RuntimeError(fmt::format("cannot read '{}'", path));
  return parse(text, path);
}

TypeTable TypeTable::parse(std::string_view text, const std::string& name) {
  text = sonata::without_mark(text);
  TypeTable table;
  table.name_ = name;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    ++number;
    if (line.find_first_not_of(' ') != std::string_view::npos) table.add_line(line, number);
    at = end + 1;
  }
  if (table.columns_.empty()) throw RuntimeError(fmt::format("'{}' is empty; a table of types is expected", name));
  return table;
}

void TypeTable::add_line(std::string_view line, std::size_t number) {
  if (const std::string why = why_no_table(line, columns_.empty()); !why.empty())
    throw RuntimeError(fmt::format("'{}', line {}: {}", name_, number, why));
  auto fields = split(line);
  if (!fields) throw RuntimeError(fmt::format("'{}', line {}: a quote is left open", name_, number));
  if (!columns_.empty()) {
    // Nothing at the end of a line may be a value that is absent.
    if (fields->size() < columns_.size()) {
      const auto trailing = line.size() - (line.find_last_not_of(' ') + 1);
      if (fields->size() + trailing >= columns_.size()) fields->resize(columns_.size());
    }
    if (fields->size() > columns_.size()) std::erase(*fields, std::nullopt);
    if (fields->size() != columns_.size())
      throw RuntimeError(fmt::format("'{}', line {}: {} values for {} columns (one space separates them)", name_,
                                     number, fields->size(), columns_.size()));
    values_.push_back(std::move(*fields));
    lines_.push_back(number);
    return;
  }
  std::erase(*fields, std::nullopt);
  if (fields->size() > most_columns)
    throw RuntimeError(fmt::format("'{}', line {}: more than {} columns", name_, number, most_columns));
  for (const auto& field : *fields) {
    if (has(*field))
      throw RuntimeError(fmt::format("'{}', line {}: column '{}' is given twice", name_, number, *field));
    columns_.push_back(*field);
  }
}

std::optional<std::size_t> TypeTable::position(std::string_view column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

const std::optional<std::string>& TypeTable::text(std::size_t row, std::string_view column) const {
  static const std::optional<std::string> nothing;
  const auto at = position(column);
  return at ? values_[row][*at] : nothing;
}

std::string TypeTable::place(std::size_t row) const { return fmt::format("'{}', line {}", name_, lines_[row]); }

template <class T>
std::optional<T> TypeTable::parsed(std::size_t row, std::string_view column, std::string_view what) const {
  const auto& field = text(row, column);
  if (!field) return std::nullopt;
  T value{};
  const char* begin = field->data() + (!field->empty() && field->front() == '+' ? 1 : 0);
  const char* end = field->data() + field->size();
  const auto [stop, error] = std::from_chars(begin, end, value);
  bool good = error == std::errc{} && stop == end;
  if constexpr (std::is_floating_point_v<T>) good = good && std::isfinite(value);
  if (!good) throw RuntimeError(fmt::format("{}: {}: expected {}, got '{}'", place(row), column, what, *field));
  return value;
}

std::optional<double> TypeTable::number(std::size_t row, std::string_view column) const {
  return parsed<double>(row, column, "a number");
}

std::optional<std::int64_t> TypeTable::whole(std::size_t row, std::string_view column) const {
  return parsed<std::int64_t>(row, column, "a whole number");
}

}  // namespace ranvier
