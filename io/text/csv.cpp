#include "io/text/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/error.hpp"

namespace ranvier::sonata {
namespace {

constexpr std::size_t longest_line = 100'000;

bool is_space(char c) { return c == ' ' || c == '\t'; }

template <class Number>
bool parse(const std::string& field, Number& value) {
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  return error == std::errc{} && end == field.data() + field.size();
}

}  // namespace

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

std::string why_no_csv(std::string_view line, bool header) {
  const auto first = line.find_first_not_of(" \t");
  if (first != std::string_view::npos && line[first] == '#')
    return "a comment (#) is not allowed in SONATA's CSV; remove the line";
  if (!header) return "";
  for (const auto& [separator, name] : {std::pair{',', "commas"}, std::pair{';', "semicolons"}})
    if (line.find(separator) != std::string_view::npos)
      return fmt::format("the columns are separated by {}; SONATA's CSV separates them by a space", name);
  return "";
}

void CsvLines::fail(const std::string& what) const { throw UsageError(fmt::format("{}:{}: {}", file_, line_, what)); }

std::string CsvLines::field(std::string_view line, std::size_t& at) const {
  std::string value;
  if (line[at] != '"') {
    const std::size_t begin = at;
    while (at < line.size() && !is_space(line[at])) ++at;
    return std::string(line.substr(begin, at - begin));
  }
  for (++at; at < line.size(); ++at) {
    if (line[at] != '"') {
      value += line[at];
    } else if (at + 1 < line.size() && line[at + 1] == '"') {
      value += line[at++];
    } else {
      if (++at < line.size() && !is_space(line[at])) fail("a closing quote must be followed by a space");
      return value;
    }
  }
  fail("a quote is not closed");
}

bool CsvLines::next(std::vector<std::string>& fields) {
  fields.clear();
  while (at_ < text_.size() && fields.empty()) {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    at_ = end + 1;
    ++line_;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.size() > longest_line) fail(fmt::format("the line is longer than {} characters", longest_line));
    if (std::any_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; }))
      fail("control characters are not allowed; SONATA's CSV is text with fields between spaces");
    if (const std::string why = why_no_csv(line, header_); !why.empty()) fail(why);
    for (std::size_t i = 0; i < line.size();) {
      if (is_space(line[i]))
        ++i;
      else
        fields.push_back(field(line, i));
    }
  }
  header_ = header_ && fields.empty();
  return !fields.empty();
}

double csv_number(const CsvLines& csv, const std::string& field, const std::string& column) {
  double value = 0.0;
  if (!parse(field, value) || !std::isfinite(value))
    csv.fail(fmt::format("{}: expected a number, got '{}'", column, field));
  return value;
}

std::int64_t csv_integer(const CsvLines& csv, const std::string& field, const std::string& column) {
  std::int64_t value = 0;
  if (!parse(field, value)) csv.fail(fmt::format("{}: expected a whole number, got '{}'", column, field));
  return value;
}

}  // namespace ranvier::sonata
