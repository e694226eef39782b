#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "comm/communicator.hpp"
#include "core/base/id_set.hpp"
#include "io/config/config.hpp"
#include "io/sonata/edges_request.hpp"

namespace ranvier {

/// Which nodes of SONATA files the populations of a network are, where they are not all: what node ids in a file of edges
/// mean. Only populations of projections with rule `edges` are looked up; a bit for each node of the file is held.
class NodeSelections {
 public:
  /// This process reads the files, without MPI.
  explicit NodeSelections(const Config& config);
  /// Collective: the ranks read the files in equal parts.
  NodeSelections(const Config& config, const Communicator& comm);

  /// Projections with rule `edges`, as positions in the config: those of one file together.
  std::vector<std::vector<std::size_t>> by_file() const;
  /// What a projection reads from its file. Refers to this object.
  EdgesRequest request(const ProjectionConfig& projection) const;

 private:
  using Words = std::vector<std::uint64_t>;
  void look_up(const std::function<Words(const NodesConfig&)>& read);
  const IdSet* of(const std::string& population) const;

  const Config& config_;
  std::vector<std::optional<IdSet>> sets_;  ///< by population
};

}  // namespace ranvier
