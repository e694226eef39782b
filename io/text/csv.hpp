#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// SONATA's CSV: fields between spaces, quoted with " where they hold some (a quote within is doubled), a header, and
/// NULL for what is absent. Mistakes are UsageErrors "file:line: what".
namespace ranvier::sonata {

/// Goes through the lines of a CSV. Empty lines are passed over.
class CsvLines {
 public:
  /// `text` must outlive the object; `file` is the name in messages.
  CsvLines(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

  /// The fields of the next line; false at the end.
  bool next(std::vector<std::string>& fields);
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::string field(std::string_view line, std::size_t& at) const;

  std::string_view text_;
  std::string file_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 0;
};

/// The whole field as a number; fails with the place where it is none or not finite.
double csv_number(const CsvLines&, const std::string& field, const std::string& column);
std::int64_t csv_integer(const CsvLines&, const std::string& field, const std::string& column);

}  // namespace ranvier::sonata
