#include "io/sonata/nodes/node_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/error.hpp"
#include "core/base/suggest.hpp"
#include "io/files/guard.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/hdf5/numbers.hpp"

namespace ranvier::sonata {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t block = 1 << 20;
constexpr std::size_t most_types = 100'000, most_groups = 1000;
/// Neurons within a population are counted in 32 bits, of which one value says "none".
constexpr std::uint64_t most_nodes = 4294967294;

/// Runs `read` in a child; what is wrong with a file that a config names is a mistake of the config.
std::string guarded(const std::string& what, const std::function<std::string()>& read) {
  try {
    return guard::run(what, read);
  } catch (const RuntimeError& error) {
    throw UsageError(error.what());
  }
}

/// As text; names in files may be any bytes, those in JSON are UTF-8.
std::string packed(const Json& json, const std::string& file) {
  try {
    return json.dump();
  } catch (const Json::exception&) {
    throw RuntimeError(fmt::format("'{}' contains names that are not UTF-8 text", file));
  }
}

hdf5::Dataset open_integers(const hdf5::File& file, const std::string& path, std::optional<std::uint64_t> size) {
  auto dataset = hdf5::Dataset::open(file, path);
  const auto kind = dataset.kind();
  if (kind != hdf5::Kind::signed_integer && kind != hdf5::Kind::unsigned_integer)
    throw RuntimeError(fmt::format("{} does not hold whole numbers", dataset.name()));
  if (dataset.extent().size() != 1 || (size && dataset.size() != *size))
    throw RuntimeError(fmt::format("{} is not a list of {} numbers, one for each node", dataset.name(),
                                   size.value_or(dataset.size())));
  dataset.check_size();
  return dataset;
}

/// Counts what lies where in one population.
class Summarizer {
 public:
  Summarizer(const hdf5::File& file, const std::string& population)
      : file_(file),
        path_("/nodes/" + population),
        types_(open_integers(file, path_ + "/node_type_id", std::nullopt)),
        size_(types_.size()) {}

  Json operator()() {
    if (size_ > most_nodes)
      throw RuntimeError(fmt::format("{} has {} nodes; at most {} are possible", types_.name(), size_, most_nodes));
    const bool grouped = file_.has(path_ + "/node_group_id");
    std::optional<hdf5::Dataset> ids, groups, places;
    if (file_.has(path_ + "/node_id")) ids = open_integers(file_, path_ + "/node_id", size_);
    if (grouped) {
      groups = open_integers(file_, path_ + "/node_group_id", size_);
      places = open_integers(file_, path_ + "/node_group_index", size_);
    }
    for (std::uint64_t first = 0; first < size_; first += block) {
      const std::uint64_t count = std::min(block, size_ - first);
      if (ids) check_ids(*ids, first, count);
      count_types(first, count);
      if (grouped) count_groups(*groups, *places, first, count);
    }
    if (!grouped) group_of_all();
    Json all{{"size", size_}, {"types", Json::array()}, {"groups", Json::array()}};
    for (const auto& [type, count] : count_) all["types"].push_back({type, count});
    for (const auto& [id, bounds] : bounds_) all["groups"].push_back(describe_group(id, bounds));
    return all;
  }

 private:
  struct Bounds {
    std::uint64_t nodes = 0, end = 0;  ///< end: one more than the largest index
  };

  static void check_ids(const hdf5::Dataset& ids, std::uint64_t first, std::uint64_t count) {
    const auto values = hdf5::read_ids(ids, first, count);
    for (std::uint64_t i = 0; i < count; ++i)
      if (values[i] != first + i)
        throw RuntimeError(
            fmt::format("node {} of {} has the id {}; the ids must ascend from 0 without gaps"
                        "",
                        first + i, ids.name(), values[i]));
  }

  void count_types(std::uint64_t first, std::uint64_t count) {
    std::vector<std::int64_t> values(count);
    types_.read({first}, {count}, values.data());
    // Types come in runs.
    for (std::uint64_t i = 0; i < count;) {
      std::uint64_t end = i + 1;
      while (end < count && values[end] == values[i]) ++end;
      count_[values[i]] += end - i;
      i = end;
    }
    if (count_.size() > most_types)
      throw RuntimeError(fmt::format("{} has more than {} different types", types_.name(), most_types));
  }

  void count_groups(const hdf5::Dataset& groups, const hdf5::Dataset& places, std::uint64_t first,
                    std::uint64_t count) {
    const auto group = hdf5::read_ids(groups, first, count), place = hdf5::read_ids(places, first, count);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (place[i] >= size_)
        throw RuntimeError(
            fmt::format("number {} of {} is {}, but there are {} nodes", first + i, places.name(), place[i], size_));
      Bounds& bounds = bounds_[group[i]];
      ++bounds.nodes;
      bounds.end = std::max(bounds.end, place[i] + 1);
    }
    if (bounds_.size() > most_groups)
      throw RuntimeError(fmt::format("{} has more than {} groups", groups.name(), most_groups));
  }

  /// Without a word on groups all nodes are in the only one, in their order.
  void group_of_all() {
    for (const auto& name : file_.members(path_))
      if (!name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
          name.size() < 10)
        bounds_[std::stoull(name)] = {size_, size_};
    if (bounds_.size() > 1)
      throw RuntimeError(
          fmt::format("'{}' of '{}' has {} groups but no node_group_id", path_, file_.path(), bounds_.size()));
    if (bounds_.empty()) bounds_[0] = {size_, size_};
  }

  Json describe_group(std::uint64_t id, const Bounds& bounds) const {
    const std::string path = fmt::format("{}/{}", path_, id), params = path + "/dynamics_params";
    Json given = Json::array(), attributes = Json::array();
    for (const auto& name : file_.members(params)) {
      check_column(params + "/" + name, bounds);
      given.push_back(name);
    }
    for (const auto& name : file_.members(path))
      if (name != "@library" && (name != "dynamics_params" || hdf5::Dataset::is_at(file_, params)))
        attributes.push_back(name);
    return {{"id", id}, {"size", bounds.nodes}, {"dynamics_params", given}, {"attributes", attributes}};
  }

  void check_column(const std::string& path, const Bounds& bounds) const {
    const auto dataset = hdf5::Dataset::open(file_, path);
    const auto kind = dataset.kind();
    if (kind == hdf5::Kind::text || kind == hdf5::Kind::other)
      throw RuntimeError(fmt::format("{} does not hold numbers", dataset.name()));
    if (dataset.extent().size() != 1 || dataset.size() < bounds.end)
      throw RuntimeError(
          fmt::format("{} has {} numbers, but nodes of the group use {}", dataset.name(), dataset.size(), bounds.end));
    dataset.check_size();
  }

  const hdf5::File& file_;
  std::string path_;
  hdf5::Dataset types_;
  std::uint64_t size_;
  std::map<std::int64_t, std::uint64_t> count_;
  std::map<std::uint64_t, Bounds> bounds_;
};

}  // namespace

std::vector<std::string> populations_in(FileFacts& facts, const std::string& file, const std::string& root) {
  const std::string& names = facts.get(fmt::format("populations of {} in {}", root, file), [&] {
    return guarded(fmt::format("cannot read '{}'", file), [&] {
      const auto opened = hdf5::File::open(file);
      const auto members = opened.members(root);
      if (members.empty()) throw RuntimeError(fmt::format("'{}' has no populations in '{}'", file, root));
      return packed(members, file);
    });
  });
  return Json::parse(names).get<std::vector<std::string>>();
}

NodeSummary summarize_nodes(FileFacts& facts, const std::string& file, const std::string& population) {
  const auto known = populations_in(facts, file, "/nodes");
  if (std::find(known.begin(), known.end(), population) == known.end()) {
    const std::string hint = did_you_mean(population, known);
    throw UsageError(fmt::format("'{}' has no population '{}'.{}", file, population,
                                 hint.empty() ? fmt::format(" It has: {}", fmt::join(known, ", ")) : hint));
  }
  const auto all = Json::parse(facts.get(fmt::format("nodes of {} in {}", population, file), [&] {
    return guarded(fmt::format("cannot read the nodes of '{}' in '{}'", population, file), [&] {
      const auto opened = hdf5::File::open(file);
      return packed(Summarizer(opened, population)(), file);
    });
  }));
  NodeSummary summary{file, population, all.at("size"), {}, {}};
  for (const auto& type : all.at("types")) summary.types.emplace_back(type.at(0), type.at(1));
  for (const auto& group : all.at("groups"))
    summary.groups[group.at("id")] = {group.at("size"), group.at("dynamics_params"), group.at("attributes")};
  return summary;
}

}  // namespace ranvier::sonata
