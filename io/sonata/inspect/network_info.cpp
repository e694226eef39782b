#include "io/sonata/inspect/network_info.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <vector>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/hdf5/numbers.hpp"

namespace ranvier::sonata {
namespace {

constexpr std::uint64_t at_a_time = std::uint64_t{1} << 20;  // elements
constexpr std::size_t most_types = 8;                        // that are told one by one

/// Calls `see` with all elements of a list of numbers, piece by piece.
template <class T, class See>
void read_pieces(const hdf5::Dataset& dataset, See see) {
  dataset.check_size();
  std::vector<T> values;
  for (std::uint64_t first = 0; first < dataset.size(); first += at_a_time) {
    values.resize(std::min(at_a_time, dataset.size() - first));
    dataset.read({first}, {values.size()}, values.data());
    see(values);
  }
}

bool is_list(const hdf5::Dataset& dataset) { return dataset.extent().size() == 1; }

bool is_numeric(const hdf5::Dataset& dataset) {
  return dataset.kind() != hdf5::Kind::text && dataset.kind() != hdf5::Kind::other;
}

/// "    0/syn_weight: from 0.1 to 2.5 nS".
std::string describe_attribute(const hdf5::File& file, const std::string& group, const std::string& name) {
  const std::string path = group + "/" + name;
  const auto dataset = hdf5::Dataset::open(file, path);
  if (!is_numeric(dataset)) return fmt::format("    {}: {} texts\n", name, dataset.size());
  if (!is_list(dataset)) return fmt::format("    {}: {} numbers\n", name, dataset.size());
  double least = std::numeric_limits<double>::infinity(), largest = -least;
  std::uint64_t not_finite = 0;
  read_pieces<double>(dataset, [&](const std::vector<double>& values) {
    for (const double v : values) {
      if (!std::isfinite(v)) ++not_finite;
      least = std::fmin(least, v);
      largest = std::fmax(largest, v);
    }
  });
  const std::string unit = hdf5::read_text_attribute(file, path, "units").value_or("");
  std::string text = fmt::format("    {}: ", name);
  if (dataset.size() == 0)
    return text + "none\n";
  else if (least == largest)
    text += fmt::format("{:g}", least);
  else
    text += fmt::format("from {:g} to {:g}", least, largest);
  if (!unit.empty()) text += " " + unit;
  return text + (not_finite > 0 ? fmt::format(", {} not finite\n", not_finite) : "\n");
}

/// Attributes of all groups of a population, which are those with a number for a name.
std::string describe_attributes(const hdf5::File& file, const std::string& population) {
  std::string text;
  const auto is_dataset = [&](const std::string& path) { return file.members(path).empty() && file.has(path); };
  for (const auto& group : file.members(population)) {
    if (group.find_first_not_of("0123456789") != std::string::npos) continue;
    for (const auto& name : file.members(population + "/" + group)) {
      const std::string path = group + "/" + name;
      if (name == "dynamics_params") {
        for (const auto& parameter : file.members(population + "/" + path))
          text += describe_attribute(file, population, path + "/" + parameter);
      } else if (is_dataset(population + "/" + path)) {
        text += describe_attribute(file, population, path);
      }
    }
  }
  return text;
}

/// "node types 0, 1, 2".
std::string describe_types(const hdf5::File& file, const std::string& path, const char* what) {
  if (!file.has(path)) return fmt::format("no {} types", what);
  std::set<std::int64_t> types;
  read_pieces<std::int64_t>(hdf5::Dataset::open(file, path), [&](const std::vector<std::int64_t>& values) {
    for (const auto v : values)
      if (types.size() <= most_types) types.insert(v);
  });
  if (types.size() > most_types) return fmt::format("more than {} {} types", most_types, what);
  if (types.empty()) return fmt::format("no {} types", what);
  return fmt::format("{} type{} {}", what, types.size() == 1 ? "" : "s", fmt::join(types, ", "));
}

std::uint64_t list_length(const hdf5::File& file, const std::string& path) {
  return file.has(path) ? hdf5::Dataset::open(file, path).size() : 0;
}

/// Whether a list of ids ascends, and the largest of them.
struct IdList {
  bool ascending = true;
  std::uint64_t largest = 0;
};

IdList scan_ids(const hdf5::File& file, const std::string& path) {
  IdList list;
  if (!file.has(path)) return list;
  const auto dataset = hdf5::Dataset::open(file, path);
  dataset.check_size();
  std::uint64_t before = 0;
  for (std::uint64_t first = 0; first < dataset.size(); first += at_a_time)
    for (const auto id : hdf5::read_ids(dataset, first, std::min(at_a_time, dataset.size() - first))) {
      list.ascending = list.ascending && id >= before;
      list.largest = std::max(list.largest, id);
      before = id;
    }
  return list;
}

std::string describe_indices(const hdf5::File& file, const std::string& group) {
  const auto has_index = [&](const char* name) {
    const std::string index = fmt::format("{}/indices/{}", group, name);
    return file.has(index + "/range_to_edge_id") &&
           (file.has(index + "/node_id_to_ranges") || file.has(index + "/node_id_to_range"));
  };
  const bool by_source = has_index("source_to_target"), by_target = has_index("target_to_source");
  if (by_source && by_target) return "indexed by source and target";
  return by_source ? "indexed by source" : by_target ? "indexed by target" : "no index";
}

}  // namespace

std::string describe_nodes(const hdf5::File& file) {
  std::string text;
  for (const auto& name : file.members("/nodes")) {
    const std::string group = "/nodes/" + name;
    const std::uint64_t nodes = list_length(file, group + "/node_type_id");
    text += fmt::format("  {}: {} node{}, {}\n", name, nodes, nodes == 1 ? "" : "s",
                        describe_types(file, group + "/node_type_id", "node"));
    text += describe_attributes(file, group);
  }
  return text;
}

std::string describe_edges(const hdf5::File& file) {
  std::string text;
  for (const auto& name : file.members("/edges")) {
    const std::string group = "/edges/" + name;
    const auto population = [&](const char* list) {
      const std::string path = group + "/" + list;
      return file.has(path) ? hdf5::read_text_attribute(file, path, "node_population").value_or("?") : "?";
    };
    const std::uint64_t edges = list_length(file, group + "/target_node_id");
    const IdList sources = scan_ids(file, group + "/source_node_id"),
                 targets = scan_ids(file, group + "/target_node_id");
    text += fmt::format("  {}: {} edge{} from {} to {}, {}\n", name, edges, edges == 1 ? "" : "s",
                        population("source_node_id"), population("target_node_id"),
                        describe_types(file, group + "/edge_type_id", "edge"));
    const char* order = targets.ascending ? "sorted by target" : sources.ascending ? "sorted by source" : "not sorted";
    if (edges > 0)
      text += fmt::format("    sources up to {}, targets up to {}, {}, {}\n", sources.largest, targets.largest, order,
                          describe_indices(file, group));
    text += describe_attributes(file, group);
  }
  return text;
}

}  // namespace ranvier::sonata
