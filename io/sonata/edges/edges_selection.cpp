#include "io/sonata/edges/edges_selection.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

constexpr double longest_delay = 65535.0;  // steps

}  // namespace

SelectEdges::SelectEdges(const EdgesRequest& request, const EdgesFile& file) : request_(request), file_(file) {
  const auto check = [](const IdColumn& column, const std::optional<std::string>& found, const EdgeNodes& nodes) {
    if (found && !nodes.population.empty() && *found != nodes.population)
      throw RuntimeError(fmt::format("{} holds ids of the node population '{}', not of '{}'", column.dataset().name(),
                                     *found, nodes.population));
  };
  check(file.source(), file.source_population(), request.source);
  check(file.target(), file.target_population(), request.target);
}

void SelectEdges::refuse_id(const IdColumn& column, std::int64_t id, std::uint64_t edge, const EdgeNodes& nodes) const {
  throw UsageError(fmt::format("number {} of {} is {}, but there are {} nodes, numbered from 0", edge,
                               column.dataset().name(), id, nodes.ids));
}

std::uint16_t SelectEdges::steps(double delay, std::uint64_t edge) const {
  const double dt = request_.dt, steps = std::floor(delay / dt + 0.5);
  if (!(steps >= 1.0))
    throw UsageError(about_edge(file_, edge, fmt::format("a delay of {} ms is below dt = {} ms", delay, dt)));
  if (steps > longest_delay)
    throw UsageError(about_edge(
        file_, edge, fmt::format("a delay of {} ms is more than {} steps of {} ms", delay, longest_delay, dt)));
  return static_cast<std::uint16_t>(steps);
}

bool SelectEdges::has_other_sign(double weight) const {
  using Sign = EdgesConfig::Sign;
  const Sign wanted = request_.edges.sign;
  return wanted != Sign::any && (weight < 0.0) != (wanted == Sign::negative);
}

const SelectedEdges& SelectEdges::operator()(const DecodedEdges& edges, EdgeRange targets) {
  out_.sources.clear();
  out_.targets.clear();
  out_.weights.clear();
  out_.delays.clear();
  out_.onto_targets = 0;
  const EdgeNodes &from = request_.source, &onto = request_.target;
  const EdgesConfig& wanted = request_.edges;
  const bool by_sign = wanted.sign != EdgesConfig::Sign::any;
  for (std::size_t i = 0; i < edges.sources.size(); ++i) {
    const std::uint64_t edge = edges.piece.first + i;
    if (static_cast<std::uint64_t>(edges.sources[i]) >= from.ids)
      refuse_id(file_.source(), edges.sources[i], edge, from);
    if (static_cast<std::uint64_t>(edges.targets[i]) >= onto.ids)
      refuse_id(file_.target(), edges.targets[i], edge, onto);
    auto source = static_cast<std::uint32_t>(edges.sources[i]), target = static_cast<std::uint32_t>(edges.targets[i]);
    if (onto.selected != nullptr) {
      if (!onto.selected->contains(target)) continue;
      target = onto.selected->index(target);
    }
    if (target < targets.first || target >= targets.last) continue;
    ++out_.onto_targets;
    if (from.selected != nullptr) {
      if (!from.selected->contains(source)) continue;
      source = from.selected->index(source);
    }
    if (by_sign && has_other_sign(edges.weights[i])) continue;
    out_.sources.push_back(source);
    out_.targets.push_back(target);
    if (wanted.weight_from_file)
      out_.weights.push_back(wanted.magnitude ? std::abs(edges.weights[i]) : edges.weights[i]);
    if (wanted.delay_from_file) out_.delays.push_back(steps(edges.delays[i], edge));
  }
  return out_;
}

}  // namespace ranvier
