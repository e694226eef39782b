#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "io/sonata/base/type_table.hpp"

namespace ranvier::sonata {

/// A table of node or edge types whose rows are found by their ids.
class TypesById {
 public:
  /// `id_column` is `node_type_id` or `edge_type_id`. Where there is a column `population`, rows of other populations
  /// than `population` are left out, as ids may repeat between populations. UsageError with file and line.
  TypesById(std::string_view text, const std::string& file, const std::string& id_column,
            const std::string& population);

  const std::string& file() const { return file_; }
  const std::vector<std::string>& columns() const { return table_.columns(); }
  std::vector<std::int64_t> ids() const;  ///< ascending
  bool contains(std::int64_t id) const { return rows_.contains(id); }
  /// Null where the type, the column or the value is absent.
  const std::string* find(std::int64_t id, std::string_view column) const;

 private:
  std::string file_;
  TypeTable table_;
  std::map<std::int64_t, std::size_t> rows_;
};

}  // namespace ranvier::sonata
