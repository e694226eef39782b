#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "io/sonata/edge_types.hpp"
#include "io/sonata/edges_file.hpp"
#include "io/sonata/edges_request.hpp"

namespace ranvier {

/// Some edges as synapses: one entry each, in the order of the file.
struct DecodedEdges {
  std::vector<std::uint32_t> sources, targets;  ///< indices within the populations
  std::vector<double> weights;                  ///< empty where the file does not decide
  std::vector<std::uint16_t> delays;            ///< steps; empty where the file does not decide
  std::uint64_t onto_targets = 0;               ///< edges onto the targets asked for, also those that were left out
};

/// Reads pieces of a file, checks every number in it, and keeps the edges that make a projection. An edge has the weight,
/// delay and nsyns of its group, else of its type, else 1, 1 ms and 1. A mistake in the file is a UsageError with the edge
/// and the dataset.
class EdgesDecoder {
 public:
  /// Opens file and types, and checks what can be seen without reading edges.
  explicit EdgesDecoder(const EdgesRequest& request);

  const EdgesFile& file() const { return file_; }
  /// Edges of `piece` onto targets [targets.first, targets.last) of the population; valid until the next call.
  const DecodedEdges& operator()(EdgeRange piece, EdgeRange targets);

 private:
  /// One attribute, wherever its values are.
  struct Attribute {
    const char* name;
    std::optional<hdf5::Dataset> EdgesFile::Group::*dataset;
    std::optional<double> EdgeType::*of_type;
    double otherwise;
  };
  static const Attribute weight_, delay_, nsyns_;

  void check_populations() const;
  bool left_to_types(const Attribute& attribute) const;
  void read_types();
  void read_groups();
  /// Fills `values`; false where all edges have `otherwise`.
  bool read_attribute(const Attribute& attribute, std::vector<double>& values);
  void read_group(const Attribute& attribute, const EdgesFile::Group& group, std::size_t number,
                  std::vector<double>& values);
  void gather(const hdf5::Dataset& dataset, const std::vector<std::uint32_t>& members, std::vector<double>& values);
  void check_finite(const Attribute& attribute, const std::vector<double>& values) const;
  void read_weights();
  void read_delays();
  std::uint16_t steps(double delay, std::size_t i) const;
  void keep(EdgeRange targets);
  [[noreturn]] void refuse_id(const IdColumn& column, std::int64_t id, std::size_t i, const EdgeNodes& nodes) const;
  [[noreturn]] void refuse(std::size_t i, const std::string& why) const;

  const EdgesRequest& request_;
  EdgesFile file_;
  EdgeTypes types_;
  bool needs_types_ = false, needs_weights_, needs_delays_;
  EdgeRange piece_;
  std::vector<std::int64_t> source_, target_, type_, row_;
  std::vector<std::vector<std::uint32_t>> members_;  ///< by group: its edges in the piece
  bool in_rows_ = true;                              ///< the piece is of one group, and its rows are consecutive
  std::vector<const EdgeType*> type_of_;
  std::vector<double> weight_values_, delay_values_, nsyns_values_, block_;
  bool has_delays_ = false;
  DecodedEdges out_;
};

}  // namespace ranvier
