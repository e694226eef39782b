#include "io/sonata/edges/edges_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

/// Rows that are read beside those that are wanted, rather than beginning another read.
constexpr std::int64_t bridged_rows = 1024;
constexpr std::int64_t largest_block = std::int64_t{1} << 20;  // rows

}  // namespace

const EdgesDecoder::Attribute EdgesDecoder::weight_{"syn_weight", &EdgesFile::Group::weight, &EdgeType::weight, 1.0};
const EdgesDecoder::Attribute EdgesDecoder::delay_{"delay", &EdgesFile::Group::delay, &EdgeType::delay, 1.0};
const EdgesDecoder::Attribute EdgesDecoder::nsyns_{"nsyns", &EdgesFile::Group::nsyns, &EdgeType::nsyns, 1.0};

std::string about_edge(const EdgesFile& file, std::uint64_t edge, const std::string& why) {
  return fmt::format("edge {} of {}: {}", edge, file.name(), why);
}

EdgesDecoder::EdgesDecoder(const EdgesConfig& edges, bool weights, bool delays)
    : file_(edges.file, edges.population), needs_weights_(weights), needs_delays_(delays) {
  if (!edges.types.empty()) types_ = EdgeTypes::read(edges.types);
  needs_types_ = types_.matter(needs_weights_ && left_to_types(weight_), needs_delays_ && left_to_types(delay_),
                               needs_weights_ && left_to_types(nsyns_), needs_weights_);
  if (needs_types_ && !file_.type())
    throw RuntimeError(fmt::format("{} has no edge_type_id, but its edges depend on their types in '{}'", file_.name(),
                                   types_.file()));
}

bool EdgesDecoder::left_to_types(const Attribute& attribute) const {
  return std::any_of(file_.groups().begin(), file_.groups().end(),
                     [&](const EdgesFile::Group& g) { return !(g.*attribute.dataset).has_value(); });
}

const DecodedEdges& EdgesDecoder::operator()(EdgeRange piece) {
  out_.piece = piece;
  out_.sources.resize(piece.count());
  out_.targets.resize(piece.count());
  file_.source().read(piece.first, out_.sources);
  file_.target().read(piece.first, out_.targets);
  read_groups();
  read_types();
  if (needs_weights_) read_weights();
  if (needs_delays_) read_delays();
  return out_;
}

void EdgesDecoder::refuse(std::size_t i, const std::string& why) const {
  throw UsageError(about_edge(file_, out_.piece.first + i, why));
}

void EdgesDecoder::read_groups() {
  const std::size_t count = out_.piece.count();
  row_.clear();
  if (file_.group_index()) {
    row_.resize(count);
    file_.group_index()->read(out_.piece.first, row_);
  }
  in_rows_ = file_.groups().size() == 1;
  for (std::size_t i = 0; in_rows_ && i < row_.size(); ++i)
    in_rows_ = static_cast<std::uint64_t>(row_[i]) == static_cast<std::uint64_t>(row_[0]) + i;
  std::vector<std::int64_t> id;
  if (file_.group_id()) {
    id.resize(count);
    file_.group_id()->read(out_.piece.first, id);
  }
  const auto& groups = file_.groups();
  members_.assign(groups.size(), {});
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t g = 0;
    if (!id.empty()) {
      while (g < groups.size() && groups[g].id != id[i]) ++g;
      if (g == groups.size()) refuse(i, fmt::format("belongs to group {}, which does not exist", id[i]));
    }
    if (!row_.empty() && (row_[i] < 0 || static_cast<std::uint64_t>(row_[i]) >= groups[g].rows))
      refuse(i, fmt::format("edge_group_index is {}, but group {} has {} rows", row_[i], groups[g].id, groups[g].rows));
    if (!in_rows_) members_[g].push_back(static_cast<std::uint32_t>(i));
  }
}

void EdgesDecoder::read_types() {
  type_of_.clear();
  if (!needs_types_) return;
  type_.resize(out_.piece.count());
  file_.type()->read(out_.piece.first, type_);
  type_of_.resize(type_.size());
  const EdgeType* type = nullptr;
  for (std::size_t i = 0; i < type_.size(); ++i) {
    if (type == nullptr || type->id != type_[i]) {
      type = types_.find(type_[i]);
      if (type == nullptr) refuse(i, fmt::format("'{}' does not list its edge_type_id {}", types_.file(), type_[i]));
      if (!type->refused.empty()) refuse(i, fmt::format("its type {} has the {}", type->id, type->refused));
    }
    type_of_[i] = type;
  }
}

bool EdgesDecoder::read_attribute(const Attribute& attribute, std::vector<double>& values) {
  const auto& groups = file_.groups();
  const bool somewhere =
      std::any_of(groups.begin(), groups.end(), [&](const auto& g) { return (g.*attribute.dataset).has_value(); });
  if (!somewhere && type_of_.empty()) return false;
  values.resize(out_.piece.count());
  for (std::size_t g = 0; g < groups.size(); ++g) read_group(attribute, groups[g], g, values);
  check_finite(attribute, values);
  return true;
}

void EdgesDecoder::read_group(const Attribute& attribute, const EdgesFile::Group& group, std::size_t number,
                              std::vector<double>& values) {
  if (const auto& dataset = group.*attribute.dataset) {
    if (!in_rows_) return gather(*dataset, members_[number], values);
    const std::uint64_t first = row_.empty() ? out_.piece.first : static_cast<std::uint64_t>(row_[0]);
    if (!values.empty()) dataset->read({first}, {values.size()}, values.data());
    return;
  }
  const auto of_type = [&](std::size_t i) {
    return type_of_.empty() ? attribute.otherwise : (type_of_[i]->*attribute.of_type).value_or(attribute.otherwise);
  };
  if (in_rows_)
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = of_type(i);
  for (const std::uint32_t i : members_[number]) values[i] = of_type(i);
}

/// Rows in any order: those that lie near each other are read in one go.
void EdgesDecoder::gather(const hdf5::Dataset& dataset, const std::vector<std::uint32_t>& members,
                          std::vector<double>& values) {
  std::vector<std::uint32_t> order = members;
  const auto by_row = [&](std::uint32_t a, std::uint32_t b) { return row_[a] < row_[b]; };
  if (!std::is_sorted(order.begin(), order.end(), by_row)) std::sort(order.begin(), order.end(), by_row);
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    const std::int64_t first = row_[order[begin]];
    for (end = begin + 1; end < order.size(); ++end)
      if (row_[order[end]] - row_[order[end - 1]] > bridged_rows || row_[order[end]] - first >= largest_block) break;
    block_.resize(static_cast<std::size_t>(row_[order[end - 1]] - first + 1));
    dataset.read({static_cast<std::uint64_t>(first)}, {block_.size()}, block_.data());
    for (std::size_t k = begin; k < end; ++k)
      values[order[k]] = block_[static_cast<std::size_t>(row_[order[k]] - first)];
  }
}

void EdgesDecoder::check_finite(const Attribute& attribute, const std::vector<double>& values) const {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i])) refuse(i, fmt::format("{} is not finite ({})", attribute.name, values[i]));
}

void EdgesDecoder::read_weights() {
  auto& weights = out_.weights;
  if (!read_attribute(weight_, weights)) weights.assign(out_.piece.count(), weight_.otherwise);
  if (read_attribute(nsyns_, nsyns_values_)) multiply_weights();
  for (std::size_t i = 0; i < type_of_.size(); ++i) give_sign(i, *type_of_[i]);
}

/// The receptor that a type names decides, as the sign of a weight does.
void EdgesDecoder::give_sign(std::size_t i, const EdgeType& type) {
  double& weight = out_.weights[i];
  if (type.sign > 0 && weight < 0.0)
    refuse(i, fmt::format("its weight is {}, but its type {} has the receptor_type excitatory; weights of excitatory "
                          "synapses must not be negative",
                          weight, type.id));
  if (type.sign < 0) weight = -std::abs(weight);
}

void EdgesDecoder::multiply_weights() {
  auto& weights = out_.weights;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (nsyns_values_[i] < 0.0) refuse(i, fmt::format("nsyns is {}; it must be at least 0", nsyns_values_[i]));
    weights[i] *= nsyns_values_[i];
    if (!std::isfinite(weights[i])) refuse(i, "syn_weight times nsyns is not finite");
  }
}

void EdgesDecoder::read_delays() {
  if (!read_attribute(delay_, out_.delays)) out_.delays.assign(out_.piece.count(), delay_.otherwise);
}

}  // namespace ranvier
