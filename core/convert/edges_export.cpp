#include "core/convert/edges_export.hpp"

#include <algorithm>
#include <limits>
#include <memory>

#include "core/build/read_edges.hpp"
#include "io/sonata/base/grid_time.hpp"
#include "io/sonata/edges/edges_reader.hpp"

namespace ranvier {

/// Of a file, what all its projections read: more than each of them, and the same on any number of ranks.
double EdgesExport::expected_edges(const ProjectionConfig& projection) const {
  if (!projection.edges) {
    const std::size_t source = config_.population_index(projection.source),
                      target = config_.population_index(projection.target);
    return rules_.connector(projection.rule, {partition_.size(source), partition_.size(target), source == target})
        ->expected();
  }
  double count = 0.0;
  comm_.together([&] {
    if (!comm_.is_root()) return;
    EdgesRequest request = nodes_.request(projection);
    request.targets = {0, 0};
    count = static_cast<double>(plan_edges({request}).edges);
  });
  return comm_.broadcast(count);
}

EdgePopulation EdgesExport::population_of(const EdgeType& type) const {
  EdgePopulation population;
  population.name = type.population;
  population.source = type.source;
  population.target = type.target;
  population.sources = config_.find_population(type.source)->size;
  population.targets = config_.find_population(type.target)->size;
  population.type = type.id;
  population.has_weights = !type.weight;
  population.has_delays = !type.delay;
  population.weight_unit = type.weight_unit;
  population.expected = expected_edges(config_.projections[type.projection]);
  return population;
}

void EdgesExport::operator()(std::vector<EdgeType>& types, const std::string& path, const Provenance& origin,
                             std::optional<EdgesWriter>& writer) const {
  std::vector<EdgePopulation> populations;
  populations.reserve(types.size());
  for (const EdgeType& type : types) populations.push_back(population_of(type));
  writer.emplace(path, comm_, std::move(populations), origin);

  const ConnectProjection connect{rules_, comm_, partition_, config_.seed, config_.dt, 1};
  for (EdgeType& type : types) {
    const ProjectionConfig& p = config_.projections[type.projection];
    if (!p.edges)
      write(type, connect(p, config_.population_index(p.source), config_.population_index(p.target)), *writer);
  }
  for (const std::vector<std::size_t>& members : nodes_.by_file()) {
    std::vector<FileProjection> of_file;
    for (const std::size_t i : members) {
      const ProjectionConfig& p = config_.projections[i];
      of_file.push_back({&p, config_.population_index(p.target), nodes_.request(p)});
    }
    const std::vector<Edges> edges = connect(of_file);
    for (std::size_t k = 0; k < members.size(); ++k)
      write(*std::find_if(types.begin(), types.end(), [&](const EdgeType& t) { return t.projection == members[k]; }),
            edges[k], *writer);
  }
  writer->close();
}

void EdgesExport::write(EdgeType& type, const Edges& edges, EdgesWriter& writer) const {
  const ProjectionConfig& projection = config_.projections[type.projection];
  const std::size_t target = config_.population_index(projection.target);
  const Partition::Share share = partition_.share(target, comm_.rank());
  std::optional<SynapseValues> weights;
  comm_.together(
      [&] { weights = SynapseValues::weights(projection, config_.seed, edges, share.first, partition_.size(target)); });
  TargetEdges mine;
  mine.place = partition_.place(target, comm_.rank());
  mine.first_target = share.first;
  mine.begin = edges.begin;
  mine.sources = edges.sources;
  double least = std::numeric_limits<double>::infinity(), largest = -least;
  std::vector<double> values;
  mine.weights = [&](std::size_t t) {
    values.resize(edges.degree(t));
    weights->fill(t, values);
    for (const double w : values) {
      least = std::min(least, w);
      largest = std::max(largest, w);
    }
    return std::span<const double>(values);
  };
  // As they are in the run: whole steps.
  const GridTime time(config_.dt);
  std::vector<double> delays;
  mine.delays = [&](std::size_t t) {
    delays.clear();
    for (std::uint64_t k = edges.begin[t]; k < edges.begin[t + 1]; ++k)
      delays.push_back(time(edges.constant_delay ? edges.delay : edges.delays[k]));
    return std::span<const double>(delays);
  };
  writer.write(static_cast<std::size_t>(type.id), mine);
  type.least_weight = comm_.min(least);
  type.largest_weight = comm_.max(largest);
}

}  // namespace ranvier
