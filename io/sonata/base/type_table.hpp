#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ranvier {

/// A table of node or edge types as SONATA writes them: one line a type, columns named by the first line and separated by
/// spaces. One space is enough, so that two of them may have nothing between them; more are taken for one where a line
/// would have too many values otherwise. What holds a space stands in double quotes (a quote within them is doubled); `NULL`, NA, NaN and nothing mean
/// that there is no value.
class TypeTable {
 public:
  /// Reads a file of at most 64 MB. RuntimeError with file and line where it is no such table.
  static TypeTable read(const std::string& path);
  /// `name` stands in messages for the file.
  static TypeTable parse(std::string_view text, const std::string& name);

  std::size_t rows() const { return lines_.size(); }
  const std::vector<std::string>& columns() const { return columns_; }
  bool has(std::string_view column) const { return position(column).has_value(); }
  /// Nothing where there is no such column or no value in it.
  const std::optional<std::string>& text(std::size_t row, std::string_view column) const;
  /// RuntimeError where the value is not a finite number.
  std::optional<double> number(std::size_t row, std::string_view column) const;
  std::optional<std::int64_t> whole(std::size_t row, std::string_view column) const;
  /// "'types.csv', line 3"
  std::string place(std::size_t row) const;

 private:
  std::optional<std::size_t> position(std::string_view column) const;
  void add_line(std::string_view line, std::size_t number);
  template <class T>
  std::optional<T> parsed(std::size_t row, std::string_view column, std::string_view what) const;

  std::string name_;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::optional<std::string>>> values_;  ///< [row][column]
  std::vector<std::size_t> lines_;                               ///< by row: line in the file, from 1
};

}  // namespace ranvier
