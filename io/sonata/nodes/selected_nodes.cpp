#include "io/sonata/nodes/selected_nodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/base/error.hpp"
#include "io/files/guard.hpp"
#include "io/files/shared_array.hpp"
#include "io/sonata/edges/edges_file.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t piece_nodes = std::uint64_t{1} << 18;

void mark_selected(const NodesConfig& nodes, std::uint64_t first, std::uint64_t last, std::span<std::uint64_t> words) {
  const auto file = hdf5::File::open(nodes.file);
  const std::string root = "/nodes/" + nodes.population;
  const IdColumn types(file, root + "/node_type_id");
  std::optional<IdColumn> ids;
  if (file.has(root + "/node_id")) ids.emplace(file, root + "/node_id");
  for (const IdColumn* column : {&types, ids ? &*ids : &types})
    if (column->size() != nodes.size)
      throw UsageError(fmt::format("{} has {} entries, but there are {} nodes", column->dataset().name(),
                                   column->size(), nodes.size));
  std::vector<std::int64_t> type, id;
  for (std::uint64_t at = first; at < last; at += piece_nodes) {
    const std::uint64_t count = std::min(piece_nodes, last - at);
    type.resize(count);
    types.read(at, type);
    if (ids) {
      id.resize(count);
      ids->read(at, id);
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t node = ids ? static_cast<std::uint64_t>(id[i]) : at + i;
      if (node >= nodes.size)
        throw UsageError(fmt::format("number {} of {} is {}, but there are {} nodes, numbered from 0", at + i,
                                     ids->dataset().name(), id[i], nodes.size));
      if (std::binary_search(nodes.types.begin(), nodes.types.end(), type[i]))
        words[node / 64] |= std::uint64_t{1} << (node % 64);
    }
    guard::progress();
  }
}

}  // namespace

std::vector<std::uint64_t> selected_nodes(const NodesConfig& nodes, int part, int parts) {
  const auto cut = [&](int p) {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(nodes.size) * static_cast<unsigned>(p) /
                                      static_cast<unsigned>(parts));
  };
  const SharedArray<std::uint64_t> words((nodes.size + 63) / 64);
  guard::run(fmt::format("cannot read the nodes '{}' of '{}'", nodes.population, nodes.file), [&] {
    mark_selected(nodes, cut(part), cut(part + 1), words.first(words.size()));
    return std::string();
  });
  return {words.data(), words.data() + words.size()};
}

}  // namespace ranvier
