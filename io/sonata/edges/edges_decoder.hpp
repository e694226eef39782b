#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/sonata/edges/edge_types.hpp"
#include "io/sonata/edges/edges_file.hpp"
#include "io/sonata/edges/edges_request.hpp"

namespace ranvier {

/// Edges of a file, one entry each, in the order of the file.
struct DecodedEdges {
  EdgeRange piece;
  std::vector<std::int64_t> sources, targets;  ///< node ids as the file has them
  std::vector<double> weights, delays;         ///< finite; delays in ms. Empty where they were not asked for
};

/// Reads pieces of a file, wherever its attributes are. An edge has the weight, delay and nsyns of its group, else of its
/// type, else 1, 1 ms and 1. A mistake in the file is a UsageError with the edge and the dataset.
class EdgesDecoder {
 public:
  /// Opens file and types, and checks what can be seen without reading edges.
  EdgesDecoder(const EdgesConfig& edges, bool weights, bool delays);

  const EdgesFile& file() const { return file_; }
  /// Valid until the next call.
  const DecodedEdges& operator()(EdgeRange piece);

 private:
  /// One attribute, wherever its values are.
  struct Attribute {
    const char* name;
    std::optional<hdf5::Dataset> EdgesFile::Group::*dataset;
    std::optional<double> EdgeType::*of_type;
    double otherwise;
  };
  static const Attribute weight_, delay_, nsyns_;

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
  void multiply_weights();
  void give_sign(std::size_t i, const EdgeType& type);
  void read_delays();
  [[noreturn]] void refuse(std::size_t i, const std::string& why) const;

  EdgesFile file_;
  EdgeTypes types_;
  bool needs_types_ = false, needs_weights_, needs_delays_;
  std::vector<std::int64_t> type_, row_;
  std::vector<std::vector<std::uint32_t>> members_;  ///< by group: its edges in the piece
  bool in_rows_ = true;                              ///< the piece is of one group, and its rows are consecutive
  std::vector<const EdgeType*> type_of_;
  std::vector<double> nsyns_values_, block_;
  DecodedEdges out_;
};

/// "edge 7 of '/edges/a_to_b' of 'edges.h5': why"
std::string about_edge(const EdgesFile& file, std::uint64_t edge, const std::string& why);

}  // namespace ranvier
