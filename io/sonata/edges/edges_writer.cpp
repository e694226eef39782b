#include "io/sonata/edges/edges_writer.hpp"

#include <algorithm>
#include <bit>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/sonata/base/dialect.hpp"
#include "io/sonata/edges/edges_index_writer.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t piece = std::uint64_t{1} << 20;  // edges written at a time by a rank

/// Elements of a chunk: small for small networks, half a megabyte for large ones. Depends on nothing but the network.
std::uint64_t chunk_length(double expected) {
  return std::bit_ceil(static_cast<std::uint64_t>(std::clamp(expected / 16.0, 64.0, 65536.0)));
}

sonata::IndexChunks index_chunks(const EdgePopulation& p, std::uint64_t nodes) {
  return {chunk_length(static_cast<double>(nodes)), chunk_length(p.expected)};
}

std::string group_of(const EdgePopulation& p) { return "/edges/" + p.name; }

void lay_out(hdf5::File& file, const EdgePopulation& p) {
  const std::string group = group_of(p);
  const hdf5::Extent none{0}, chunk{chunk_length(p.expected)};
  const auto ids = [&](const char* name, const std::string& population) {
    hdf5::Dataset::create_growing<std::uint64_t>(file, group + name, none, chunk);
    hdf5::write_attribute(file, group + name, "node_population", population);
  };
  ids("/source_node_id", p.source);
  ids("/target_node_id", p.target);
  hdf5::Dataset::create_growing<std::int64_t>(file, group + "/edge_type_id", none, chunk);
  hdf5::Dataset::create_growing<std::uint32_t>(file, group + "/edge_group_id", none, chunk);
  hdf5::Dataset::create_growing<std::uint64_t>(file, group + "/edge_group_index", none, chunk);
  file.make_group(group + "/0");
  const auto values = [&](const char* name, const std::string& unit) {
    hdf5::Dataset::create_growing<double>(file, group + name, none, chunk);
    hdf5::write_attribute(file, group + name, "units", unit);
  };
  if (p.has_weights) values("/0/syn_weight", p.weight_unit);
  if (p.has_delays) values("/0/delay", "ms");
  sonata::lay_out_index(file, group + "/indices/target_to_source", p.targets, index_chunks(p, p.targets));
  sonata::lay_out_index(file, group + "/indices/source_to_target", p.sources, index_chunks(p, p.sources));
}

/// Targets [first, last) whose edges are written at once: a million edges, or those of one target.
std::uint64_t end_of_piece(std::span<const std::uint64_t> begin, std::uint64_t first) {
  const std::uint64_t targets = begin.size() - 1;
  std::uint64_t last = first;
  while (last < targets && (last == first || begin[last + 1] - begin[first] <= piece) && last - first < piece) ++last;
  return last;
}

}  // namespace

EdgesWriter::EdgesWriter(std::string path, const Communicator& comm, std::vector<EdgePopulation> populations,
                         const Provenance& provenance)
    : populations_(std::move(populations)), file_(std::move(path), comm, [&](hdf5::File& file) {
        sonata::write_signature(file);
        write_provenance(file, provenance);
        file.make_group("/edges");
        for (const EdgePopulation& p : populations_) {
          for (const auto& name : {p.name, p.source, p.target}) sonata::check_population_name(name);
          lay_out(file, p);
        }
      }) {}

void EdgesWriter::write(std::size_t population, const TargetEdges& edges) {
  const EdgePopulation& p = populations_[population];
  const Communicator ordered = file_.comm().split(0, edges.place);
  const std::uint64_t own = edges.sources.size();
  const std::uint64_t total = ordered.sum(own), first = ordered.exclusive_sum(own);

  const std::uint64_t chunk = chunk_length(p.expected);
  file_.reserve(65536 + 4 * chunked_bytes(total, 8, chunk) + chunked_bytes(total, 4, chunk) +
                static_cast<std::uint64_t>(p.has_weights + p.has_delays) * chunked_bytes(total, 8, chunk));
  if (total > 0) {
    for (const char* name :
         {"/source_node_id", "/target_node_id", "/edge_type_id", "/edge_group_id", "/edge_group_index"})
      file_.extend(group_of(p) + name, {total});
    if (p.has_weights) file_.extend(group_of(p) + "/0/syn_weight", {total});
    if (p.has_delays) file_.extend(group_of(p) + "/0/delay", {total});
    write_columns(p, edges, first);
  }
  const std::string indices = group_of(p) + "/indices/";
  sonata::write_sorted_index(file_, ordered, indices + "target_to_source", index_chunks(p, p.targets),
                             edges.first_target, edges.begin, first);
  sonata::write_unsorted_index(file_, ordered, indices + "source_to_target", index_chunks(p, p.sources), p.sources,
                               edges.sources, first);
  file_.flush();
  written_ += total;
}

void EdgesWriter::write_columns(const EdgePopulation& p, const TargetEdges& edges, std::uint64_t first) {
  const std::uint64_t targets = edges.begin.size() - 1;
  std::uint64_t rounds = 0;
  for (std::uint64_t t = 0; t < targets; t = end_of_piece(edges.begin, t)) ++rounds;
  rounds = file_.comm().max(rounds);

  std::vector<std::uint64_t> source, target, index;
  std::vector<std::int64_t> type;
  std::vector<std::uint32_t> group;
  std::vector<double> weight, delay;
  std::uint64_t t = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::uint64_t last = end_of_piece(edges.begin, t);
    const std::uint64_t begin = edges.begin[t], count = edges.begin[last] - begin;
    const hdf5::Extent offset{first + begin}, size{count};
    file_.comm().together([&] {
      source.assign(edges.sources.begin() + static_cast<std::ptrdiff_t>(begin),
                    edges.sources.begin() + static_cast<std::ptrdiff_t>(begin + count));
      target.clear();
      weight.clear();
      delay.clear();
      for (; t < last; ++t) {
        target.insert(target.end(), edges.begin[t + 1] - edges.begin[t], edges.first_target + t);
        const auto add = [&](std::vector<double>& to, const TargetEdges::Values& values) {
          const auto of_target = values(t);
          to.insert(to.end(), of_target.begin(), of_target.end());
        };
        if (p.has_weights) add(weight, edges.weights);
        if (p.has_delays) add(delay, edges.delays);
      }
      index.resize(count);
      for (std::uint64_t i = 0; i < count; ++i) index[i] = first + begin + i;
      type.assign(count, p.type);
      group.assign(count, 0);
    });
    const std::string path = group_of(p);
    file_.write(path + "/source_node_id", offset, size, source.data());
    file_.write(path + "/target_node_id", offset, size, target.data());
    file_.write(path + "/edge_type_id", offset, size, type.data());
    file_.write(path + "/edge_group_id", offset, size, group.data());
    file_.write(path + "/edge_group_index", offset, size, index.data());
    if (p.has_weights) file_.write(path + "/0/syn_weight", offset, size, weight.data());
    if (p.has_delays) file_.write(path + "/0/delay", offset, size, delay.data());
  }
}

}  // namespace ranvier
