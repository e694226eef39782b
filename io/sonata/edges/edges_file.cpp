#include "io/sonata/edges/edges_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/suggest.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/sonata/edges/edge_types.hpp"

namespace ranvier {
namespace {

/// Every edge looks for its group among them.
constexpr std::size_t most_groups = 1000;
constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

constexpr const char* dynamics_params = "dynamics_params";
/// What may stand among the parameters of synapses, and the attribute that it is: NEST's names and those of the format.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> static_parameters{
    {{"weight", "syn_weight"}, {"syn_weight", "syn_weight"}, {"delay", "delay"}, {"nsyns", "nsyns"}}};
constexpr std::array<std::string_view, 3> weight_units{"nS", "pA", "mV"};
/// What decides how an edge acts, but is read from the table of edge types only.
constexpr std::array<std::string_view, 3> type_columns{"model_template", "weight_function", "receptor_type"};

std::string find_population(const hdf5::File& file, const std::string& population) {
  if (!file.has("/edges")) throw RuntimeError(fmt::format("'{}' has no group '/edges'", file.path()));
  const auto names = file.members("/edges");
  if (names.empty()) throw RuntimeError(fmt::format("'{}' has no edges", file.path()));
  if (population.empty()) {
    if (names.size() > 1)
      throw RuntimeError(
          fmt::format("'{}' has several populations of edges; choose one of {}", file.path(), fmt::join(names, ", ")));
    return "/edges/" + names[0];
  }
  if (std::find(names.begin(), names.end(), population) == names.end()) {
    const auto near = did_you_mean(population, names);
    throw RuntimeError(fmt::format("'{}' has no population of edges '{}'.{}", file.path(), population,
                                   near.empty() ? fmt::format(" It has: {}", fmt::join(names, ", ")) : near));
  }
  return "/edges/" + population;
}

hdf5::Dataset open_list(const hdf5::File& file, const std::string& path) {
  auto dataset = hdf5::Dataset::open(file, path);
  if (const auto dimensions = dataset.extent().size(); dimensions != 1)
    throw RuntimeError(fmt::format("{} has {} dimensions; one is expected", dataset.name(), dimensions));
  dataset.check_size();
  return dataset;
}

void require_rows(const std::string& name, std::uint64_t found, std::uint64_t expected) {
  if (found != expected)
    throw RuntimeError(fmt::format("{} has {} entries, but there are {} edges", name, found, expected));
}

}  // namespace

IdColumn::IdColumn(const hdf5::File& file, const std::string& path)
    : dataset_(open_list(file, path)), size_(dataset_.size()) {
  const auto kind = dataset_.kind();
  is_signed_ = kind == hdf5::Kind::signed_integer;
  if ((!is_signed_ && kind != hdf5::Kind::unsigned_integer) || dataset_.element_bytes() > 8)
    throw RuntimeError(fmt::format("{} does not hold whole numbers of at most 64 bits", dataset_.name()));
}

void IdColumn::read(std::uint64_t first, std::vector<std::int64_t>& out) const {
  if (out.empty()) return;
  if (is_signed_) return dataset_.read({first}, {out.size()}, out.data());
  // Numbers from 2^63 on come out negative, and are as wrong.
  dataset_.read({first}, {out.size()}, reinterpret_cast<std::uint64_t*>(out.data()));
}

EdgesFile::EdgesFile(const std::string& path, const std::string& population)
    : file_(hdf5::File::open(path)),
      root_(find_population(file_, population)),
      name_(fmt::format("'{}' of '{}'", root_, path)),
      source_(file_, root_ + "/source_node_id"),
      target_(file_, root_ + "/target_node_id"),
      type_(open_optional("edge_type_id")),
      group_id_(open_optional("edge_group_id")),
      group_index_(open_optional("edge_group_index")) {
  require_rows(target_.dataset().name(), target_.size(), size());
  open_groups();
}

std::optional<IdColumn> EdgesFile::open_optional(const std::string& name) const {
  if (!file_.has(root_ + "/" + name)) return std::nullopt;
  std::optional<IdColumn> column(std::in_place, file_, root_ + "/" + name);
  require_rows(column->dataset().name(), column->size(), size());
  return column;
}

void EdgesFile::open_groups() {
  for (const auto& member : file_.members(root_)) {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(member.data(), member.data() + member.size(), id);
    if (error == std::errc{} && end == member.data() + member.size() && id >= 0) groups_.push_back(open_group(id));
    if (groups_.size() > most_groups)
      throw RuntimeError(fmt::format("{} has more than {} groups of attributes", name_, most_groups));
  }
  if (groups_.empty()) {
    groups_.push_back({0, no_limit, {}, {}, {}});
    group_id_.reset();
  }
  if (groups_.size() > 1 && (!group_id_ || !group_index_))
    throw RuntimeError(
        fmt::format("{} has several groups of attributes, but no '{}', which states the group of each edge", name_,
                    group_id_ ? "edge_group_index" : "edge_group_id"));
  const Group& first = groups_.front();
  if (!group_index_ && first.rows != no_limit && first.rows != size())
    throw RuntimeError(fmt::format("'{}/{}' of '{}' has {} entries, but there are {} edges, and no edge_group_index",
                                   root_, first.id, file_.path(), first.rows, size()));
}

EdgesFile::Group EdgesFile::open_group(std::int64_t id) const {
  Group group;
  group.id = id;
  group.rows = no_limit;
  refuse_parameters(id);
  group.weight = open_attribute(group, "syn_weight");
  group.delay = open_attribute(group, "delay");
  group.nsyns = open_attribute(group, "nsyns");
  if (group.weight) {
    const auto unit = hdf5::read_text_attribute(file_, path_of(id, "syn_weight"), "units").value_or("");
    const auto& known = weight_units;
    if (!unit.empty() && std::find(known.begin(), known.end(), unit) == known.end())
      throw RuntimeError(fmt::format("{} is in '{}'; weights are in the unit of the receptor ({})",
                                     group.weight->name(), unit, fmt::join(known, ", ")));
  }
  if (group.delay) {
    const auto unit = hdf5::read_text_attribute(file_, path_of(id, "delay"), "units").value_or("ms");
    if (unit != "ms") throw RuntimeError(fmt::format("{} is in '{}'; ms are expected", group.delay->name(), unit));
  }
  return group;
}

/// An attribute stands in its group, or among the parameters of its synapses, as other tools write it.
std::string EdgesFile::path_of(std::int64_t group, const std::string& name) const {
  const auto direct = fmt::format("{}/{}/{}", root_, group, name);
  const auto parameters = fmt::format("{}/{}/{}", root_, group, dynamics_params);
  std::string found = direct;
  bool given = file_.has(direct);
  for (const auto& [parameter, attribute] : static_parameters) {
    const auto path = fmt::format("{}/{}", parameters, parameter);
    if (attribute != name || !file_.has(parameters) || !file_.has(path)) continue;
    if (given)
      throw RuntimeError(
          fmt::format("'{}' of '{}' is also given as '{}'; remove one of them", path, file_.path(), found));
    found = path;
    given = true;
  }
  return found;
}

/// Whatever else is given edge by edge would change what a synapse does.
void EdgesFile::refuse_parameters(std::int64_t id) const {
  const auto group = fmt::format("{}/{}", root_, id), parameters = fmt::format("{}/{}", group, dynamics_params);
  const auto fail = [&](const std::string& path, std::string_view why) {
    throw RuntimeError(fmt::format("'{}' of '{}' {}", path, file_.path(), why));
  };
  for (const auto& name : file_.members(group)) {
    if (std::find(type_columns.begin(), type_columns.end(), name) != type_columns.end())
      fail(group + "/" + name, "is supported only as a column of the CSV of edge types");
    if (const std::string why = why_misnamed(name); !why.empty()) fail(group, "has a dataset that is ignored: " + why);
    if (name == dynamics_params && hdf5::Dataset::is_at(file_, parameters))
      fail(parameters, "names files; this is supported only as a column of the CSV of edge types");
  }
  if (!file_.has(parameters)) return;
  std::vector<std::string> known;
  known.reserve(static_parameters.size());
  for (const auto& entry : static_parameters) known.emplace_back(entry.first);
  for (const auto& name : file_.members(parameters))
    if (std::find(known.begin(), known.end(), name) == known.end())
      fail(parameters + "/" + name, fmt::format("is not a parameter of static synapses, which have {}.{}",
                                                fmt::join(known, ", "), did_you_mean(name, known)));
}

std::optional<hdf5::Dataset> EdgesFile::open_attribute(Group& group, const std::string& name) const {
  const auto path = path_of(group.id, name);
  if (!file_.has(path)) return std::nullopt;
  auto dataset = open_list(file_, path);
  if (const auto kind = dataset.kind(); kind == hdf5::Kind::text || kind == hdf5::Kind::other)
    throw RuntimeError(fmt::format("{} does not hold numbers", dataset.name()));
  if (group.rows != no_limit && dataset.size() != group.rows)
    throw RuntimeError(fmt::format("{} has {} entries, but other attributes of its group have {}", dataset.name(),
                                   dataset.size(), group.rows));
  group.rows = dataset.size();
  return dataset;
}

std::optional<std::string> EdgesFile::source_population() const {
  return hdf5::read_text_attribute(file_, root_ + "/source_node_id", "node_population");
}

std::optional<std::string> EdgesFile::target_population() const {
  return hdf5::read_text_attribute(file_, root_ + "/target_node_id", "node_population");
}

}  // namespace ranvier
