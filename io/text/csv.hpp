#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// SONATA's CSV: fields between spaces, quoted with " where they hold some (a quote within is doubled), a header, and
/// NULL for what is absent. Mistakes are UsageErrors "file:line: what".
namespace ranvier::sonata {

/// Without the byte order mark that some editors write in front of UTF-8.
std::string_view without_mark(std::string_view text);
/// Why a line can be none of SONATA's CSV, where that can be told: a comment, commas or tabs between its fields. `header`: it
/// is the one with the names of the columns. Empty where nothing is wrong.
std::string why_no_csv(std::string_view line, bool header);

/// Goes through the lines of a CSV. Empty lines are passed over.
class CsvLines {
 public:
  /// `text` must outlive the object; `file` is the name in messages.
  CsvLines(std::string_view text, std::string file) : text_(without_mark(text)), file_(std::move(file)) {}

  /// The fields of the next line; false at the end.
  bool next(std::vector<std::string>& fields);
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::string field(std::string_view line, std::size_t& at) const;

  std::string_view text_;
  std::string file_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 0;
  bool header_ = true;  ///< the next line has the names of the columns
};

/// The whole field as a number; fails with the place where it is none or not finite.
double csv_number(const CsvLines&, const std::string& field, const std::string& column);
std::int64_t csv_integer(const CsvLines&, const std::string& field, const std::string& column);

}  // namespace ranvier::sonata
