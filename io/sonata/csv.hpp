#pragma once
#include <cstdint>
#include <map>
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

/// Properties of node or edge types by id.
class TypeTable {
 public:
  /// `id_column` is `node_type_id` or `edge_type_id`. Where there is a column `population`, rows of other populations
  /// than `population` are left out, as ids may repeat between populations.
  TypeTable(std::string_view text, const std::string& file, const std::string& id_column,
            const std::string& population);

  const std::string& file() const { return file_; }
  const std::vector<std::string>& columns() const { return columns_; }
  std::vector<std::int64_t> ids() const;  ///< ascending
  bool contains(std::int64_t id) const { return rows_.contains(id); }
  /// Null where the type, the column or the value (NULL) is absent.
  const std::string* find(std::int64_t id, std::string_view column) const;

 private:
  std::string file_;
  std::vector<std::string> columns_;
  std::map<std::int64_t, std::vector<std::string>> rows_;
};

}  // namespace ranvier::sonata
