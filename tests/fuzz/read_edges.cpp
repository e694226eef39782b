#include "tests/fuzz/read_edges.hpp"

#include "io/sonata/edges/edges_reader.hpp"
#include "tests/fuzz/target.hpp"

namespace ranvier::fuzz {
namespace {

constexpr std::uint64_t nodes = 8;

const IdSet& every_second_node() {
  static const IdSet set = [] {
    IdSet ids(nodes);
    for (std::uint32_t id = 1; id < nodes; id += 2) ids.mark(id);
    ids.number();
    return ids;
  }();
  return set;
}

EdgesRequest request_for(const std::string& path, const std::string& types) {
  EdgesRequest request;
  request.edges.file = path;
  request.edges.types = types;
  request.source.ids = request.target.ids = nodes;
  request.targets = {0, nodes};
  return request;
}

void check_columns(const EdgesRequest& request, const EdgeColumns& columns) {
  const std::uint64_t sources = request.source.selected ? request.source.selected->size() : nodes;
  require(columns.count <= columns.sources.size() && columns.count <= columns.onto_targets,
          "more edges than there are");
  for (std::size_t i = 0; i < columns.count; ++i) {
    const std::uint32_t source = columns.sources.data()[i], target = columns.targets.data()[i];
    require(source < sources && target >= request.targets.first && target < request.targets.last,
            "an edge goes astray");
    require(!request.edges.delay_from_file || columns.delays.data()[i] > 0, "an edge without a delay");
  }
}

void read(const EdgesRequests& requests) {
  const EdgesPlan plan = plan_edges(requests);
  const std::vector<EdgeRange> all{{0, plan.edges}};
  const auto whole = read_edges(requests, all);
  const auto found = read_edges(requests, plan.indexed ? plan.ranges : all);
  for (std::size_t r = 0; r < requests.size(); ++r) {
    check_columns(requests[r], whole[r]);
    check_columns(requests[r], found[r]);
    require(found[r].count <= whole[r].count, "the index leads to edges that are not there");
  }
}

}  // namespace

void read_edges_of(const std::string& path, const std::string& types) {
  const EdgesRequest all = request_for(path, types);
  check_edges_file(all);
  EdgesRequest inhibitory = all;
  inhibitory.edges.sign = EdgesConfig::Sign::negative;
  inhibitory.edges.magnitude = true;
  inhibitory.target.selected = inhibitory.source.selected = &every_second_node();
  inhibitory.targets = {1, 3};
  EdgesRequest own = all;
  own.edges.weight_from_file = own.edges.delay_from_file = false;
  const auto summaries = summarise_edges({all, inhibitory, own});
  require(summaries.size() == 3 && summaries[1].edges <= summaries[0].edges, "more negative weights than weights");
  read({all, inhibitory, own});
}

}  // namespace ranvier::fuzz
