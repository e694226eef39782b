#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/hdf5/dataset.hpp"
#include "io/hdf5/file.hpp"
#include "io/network/config.hpp"

namespace ranvier {

/// A one-dimensional dataset of whole numbers.
class IdColumn {
 public:
  /// RuntimeError where it holds something else.
  IdColumn(const hdf5::File& file, const std::string& path);

  const hdf5::Dataset& dataset() const { return dataset_; }
  std::uint64_t size() const { return size_; }
  /// Elements [first, first + out.size()), any sign.
  void read(std::uint64_t first, std::vector<std::int64_t>& out) const;

 private:
  hdf5::Dataset dataset_;
  std::uint64_t size_;
  bool is_signed_;
};

/// One population of a SONATA edges file, open for reading: `/edges/<population>`. What it needs is there, of the right
/// type and shape, and not larger than the file; what the datasets hold is for the reader to check. May crash or hang in
/// the library where the file is hostile: use it in a child process (io/files/guard.hpp).
class EdgesFile {
 public:
  /// Attributes of some edges: `/edges/<population>/<id>/syn_weight`, or `.../<id>/dynamics_params/weight`.
  struct Group {
    std::int64_t id = 0;
    std::uint64_t rows = 0;  ///< of its attributes; no limit where it has none
    std::optional<hdf5::Dataset> weight, delay, nsyns;
  };

  /// An empty name stands for the only population. RuntimeError naming file and dataset.
  EdgesFile(const std::string& path, const std::string& population);

  std::uint64_t size() const { return source_.size(); }
  const std::string& name() const { return name_; }   ///< "'/edges/a_to_b' of 'edges.h5'", for messages
  const std::string& group() const { return root_; }  ///< "/edges/a_to_b"
  const hdf5::File& file() const { return file_; }
  const IdColumn& source() const { return source_; }
  const IdColumn& target() const { return target_; }
  const std::optional<IdColumn>& type() const { return type_; }
  /// Which group an edge belongs to, and which row of it: nothing where there is one group, row by row.
  const std::optional<IdColumn>& group_id() const { return group_id_; }
  const std::optional<IdColumn>& group_index() const { return group_index_; }
  const std::vector<Group>& groups() const { return groups_; }  ///< one at least

  /// The attribute `node_population` of the column of source or target ids; nothing where it is not given.
  std::optional<std::string> source_population() const;
  std::optional<std::string> target_population() const;

 private:
  void open_groups();
  Group open_group(std::int64_t id) const;
  std::string path_of(std::int64_t group, const std::string& name) const;
  void refuse_parameters(std::int64_t group) const;
  std::optional<hdf5::Dataset> open_attribute(Group& group, const std::string& name) const;
  std::optional<IdColumn> open_optional(const std::string& name) const;

  hdf5::File file_;
  std::string root_, name_;
  IdColumn source_, target_;
  std::optional<IdColumn> type_, group_id_, group_index_;
  std::vector<Group> groups_;
};

}  // namespace ranvier
