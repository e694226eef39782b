#include "io/sonata/base/types_by_id.hpp"

#include <fmt/format.h>

#include "core/base/error.hpp"

namespace ranvier::sonata {
namespace {

/// A table that a config names and that is wrong is a mistake of the config.
template <class Read>
auto as_mistake(Read read) {
  try {
    return read();
  } catch (const RuntimeError& error) {
    throw UsageError(error.what());
  }
}

}  // namespace

TypesById::TypesById(std::string_view text, const std::string& file, const std::string& id_column,
                     const std::string& population)
    : file_(file), table_(as_mistake([&] { return TypeTable::parse(text, file); })) {
  if (!table_.has(id_column)) throw UsageError(fmt::format("'{}' has no column '{}'", file, id_column));
  for (std::size_t row = 0; row < table_.rows(); ++row) {
    const auto& of = table_.text(row, "population");
    if (of && *of != population && !population.empty()) continue;
    const auto id = as_mistake([&] { return table_.whole(row, id_column); });
    if (!id) throw UsageError(fmt::format("{}: there is no {}", table_.place(row), id_column));
    if (!rows_.emplace(*id, row).second)
      throw UsageError(fmt::format("{}: {} {} is given twice", table_.place(row), id_column, *id));
  }
}

std::vector<std::int64_t> TypesById::ids() const {
  std::vector<std::int64_t> all;
  for (const auto& row : rows_) all.push_back(row.first);
  return all;
}

const std::string* TypesById::find(std::int64_t id, std::string_view column) const {
  const auto row = rows_.find(id);
  if (row == rows_.end()) return nullptr;
  const auto& value = table_.text(row->second, column);
  return value ? &*value : nullptr;
}

}  // namespace ranvier::sonata
