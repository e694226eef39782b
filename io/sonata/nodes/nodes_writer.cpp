#include "io/sonata/nodes/nodes_writer.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/sonata/base/dialect.hpp"

namespace ranvier {
namespace {

std::uint64_t chunk_length(std::uint64_t nodes) {
  return std::bit_ceil(std::clamp<std::uint64_t>(nodes / 16, 64, 65536));
}

std::string group_of(const NodePopulation& p) { return "/nodes/" + p.name; }

void lay_out(hdf5::File& file, const NodePopulation& p) {
  const std::string group = group_of(p);
  const hdf5::Extent size{p.size}, chunk{chunk_length(p.size)};
  hdf5::Dataset::create_growing<std::int64_t>(file, group + "/node_type_id", size, chunk);
  hdf5::Dataset::create_growing<std::uint64_t>(file, group + "/node_id", size, chunk);
  hdf5::Dataset::create_growing<std::uint32_t>(file, group + "/node_group_id", size, chunk);
  hdf5::Dataset::create_growing<std::uint64_t>(file, group + "/node_group_index", size, chunk);
  file.make_group(group + "/0");
  for (const auto& [name, unit] : p.parameters) {
    sonata::check_population_name(name);
    hdf5::Dataset::create_growing<double>(file, parameter_path(p.name, name), size, chunk);
    hdf5::write_attribute(file, parameter_path(p.name, name), "units", unit);
  }
}

}  // namespace

std::string parameter_path(const std::string& population, const std::string& parameter) {
  return "/nodes/" + population + "/0/dynamics_params/" + parameter;
}

NodesWriter::NodesWriter(std::string path, const Communicator& comm, std::vector<NodePopulation> populations,
                         const Provenance& provenance)
    : populations_(std::move(populations)), file_(std::move(path), comm, [&](hdf5::File& file) {
        sonata::write_signature(file);
        write_provenance(file, provenance);
        file.make_group("/nodes");
        for (const NodePopulation& p : populations_) {
          sonata::check_population_name(p.name);
          lay_out(file, p);
        }
      }) {}

void NodesWriter::write(std::size_t population, std::uint64_t first, std::uint64_t count,
                        std::span<const std::vector<double>> values) {
  const NodePopulation& p = populations_[population];
  if (p.size == 0) return;
  std::vector<std::uint64_t> ids;
  std::vector<std::int64_t> types;
  std::vector<std::uint32_t> groups;
  file_.comm().together([&] {
    ids.resize(count);
    std::iota(ids.begin(), ids.end(), first);
    types.assign(count, p.type);
    groups.assign(count, 0);
  });
  const hdf5::Extent offset{first}, size{count};
  const std::string group = group_of(p);
  file_.write(group + "/node_type_id", offset, size, types.data());
  file_.write(group + "/node_id", offset, size, ids.data());
  file_.write(group + "/node_group_id", offset, size, groups.data());
  file_.write(group + "/node_group_index", offset, size, ids.data());
  for (std::size_t i = 0; i < p.parameters.size(); ++i)
    file_.write(parameter_path(p.name, p.parameters[i].name), offset, size, values[i].data());
  file_.flush();
}

}  // namespace ranvier
