#pragma once
#include <stdexcept>

#include "core/connectivity/rule.hpp"

namespace ranvier::connectivity {

/// A rule in name only: how many synapses there are, and which, is not known without the file
/// (core/build/read_edges.hpp).
struct EdgesFromFile {
  struct Parameters {
    static constexpr auto fields() { return std::tuple{}; }
  };
  using Request = ConnectRequest<Parameters>;

  static ModelInfo info() {
    ModelInfo m;
    m.name = "edges";
    m.doc = "the synapses of a SONATA edges file, with their weights and delays";
    m.source = "SONATA developer guide, version 0.1";
    return m;
  }
  static RuleProblem problem(const Request&) { return {}; }
  static double expected(const Request&) { return 0.0; }
  static void connect(const Request&, std::uint64_t, std::uint64_t, const PartnerSink&) {
    throw std::logic_error("the synapses of rule 'edges' are read from a file, not drawn");
  }
};

}  // namespace ranvier::connectivity
