#pragma once
#include <string>
#include <vector>

#include "io/sonata/edges/edges_writer.hpp"
#include "io/sonata/nodes/nodes_writer.hpp"
#include "tests/support/made_up_edges.hpp"
#include "tests/support/recorded_files.hpp"

/// Small files of networks for tests that read them.
namespace ranvier::testing {

/// 500 nodes `a` with a potential of -60 mV - n / 3, and 300 nodes `b`.
inline void write_nodes(const std::string& path) {
  NodesWriter writer(path, alone(), {{"a", 500, 3, {{"V_m", "mV"}}}, {"b", 300, 4, {}}}, test_provenance(1));
  std::vector<std::vector<double>> values(1);
  for (int n = 0; n < 500; ++n) values[0].push_back(-60.0 - n / 3.0);
  writer.write(0, 0, 500, values);
  writer.write(1, 0, 300, {});
  writer.close();
  writer.publish();
}

/// The made-up edges, of type 7, from `a` to `b`.
inline void write_edges(const std::string& path) {
  const MadeUpEdges edges;
  const auto begin = edges.first_edges();
  std::vector<std::uint32_t> sources;
  for (std::uint64_t e = 0; e < begin.back(); ++e) sources.push_back(edges.source(e));
  std::vector<double> values;
  const auto values_by = [&](auto value) {
    return [&, value](std::size_t t) {
      values.clear();
      for (std::uint64_t e = begin[t]; e < begin[t + 1]; ++e) values.push_back(value(e));
      return std::span<const double>(values);
    };
  };
  EdgesWriter writer(path, alone(), {{"a_to_b", "a", "b", edges.sources, edges.targets, 7, true, true, "nS", 3000.0}},
                     test_provenance(1));
  writer.write(0, {0, 0, begin, sources, values_by(MadeUpEdges::weight), values_by(MadeUpEdges::delay)});
  writer.close();
  writer.publish();
}

}  // namespace ranvier::testing
