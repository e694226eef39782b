#include "io/sonata/edges/edges_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "core/base/error.hpp"
#include "io/files/guard.hpp"
#include "io/sonata/edges/edges_decoder.hpp"
#include "io/sonata/edges/edges_index.hpp"
#include "io/sonata/edges/edges_selection.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t piece_edges = std::uint64_t{1} << 18;

/// Numbers as the text that a child process hands back.
template <class T>
void append(std::string& text, const T& value) {
  text.append(reinterpret_cast<const char*>(&value), sizeof value);
}

class Taker {
 public:
  explicit Taker(const std::string& text) : text_(text) {}
  template <class T>
  T take() {
    T value{};
    if (sizeof value > text_.size() - at_) throw RuntimeError("a child process that reads a file ended early");
    std::memcpy(&value, text_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

 private:
  const std::string& text_;
  std::size_t at_ = 0;
};

std::string cannot_read(const EdgesConfig& edges) {
  return edges.population.empty() ? fmt::format("cannot read the edges of '{}'", edges.file)
                                  : fmt::format("cannot read the edges '{}' of '{}'", edges.population, edges.file);
}

bool needs_weights(const EdgesRequest& r) { return r.edges.weight_from_file || r.edges.sign != EdgesConfig::Sign::any; }
bool needs_delays(const EdgesRequest& r) { return r.edges.delay_from_file; }

/// Goes over ranges of a file once for several projections.
class EdgesPass {
 public:
  explicit EdgesPass(const EdgesRequests& requests)
      : requests_(requests),
        decode_(requests.front().edges, std::any_of(requests.begin(), requests.end(), needs_weights),
                std::any_of(requests.begin(), requests.end(), needs_delays)) {
    for (const EdgesRequest& r : requests) select_.emplace_back(r, decode_.file());
  }

  const EdgesFile& file() const { return decode_.file(); }
  /// Calls `use(k, edges)` with the edges of request k, piece by piece.
  template <class Use>
  void operator()(const std::vector<EdgeRange>& ranges, Use use) {
    for (const EdgeRange range : ranges)
      for (std::uint64_t first = range.first, last = 0; first < range.last; first = last) {
        last = std::min(range.last, (first / piece_edges + 1) * piece_edges);  // where chunks often end too
        const DecodedEdges& edges = decode_({first, last});
        for (std::size_t k = 0; k < select_.size(); ++k) use(k, select_[k](edges, requests_[k].targets));
        guard::progress();
      }
  }

 private:
  const EdgesRequests& requests_;
  EdgesDecoder decode_;
  std::vector<SelectEdges> select_;
};

template <class T>
void append_to(const SharedArray<T>& column, std::size_t at, const std::vector<T>& values) {
  if (!values.empty()) std::memcpy(column.data() + at, values.data(), values.size() * sizeof(T));
}

EdgeColumns room_for(std::uint64_t edges, const EdgesConfig& config) {
  EdgeColumns columns;
  columns.sources = SharedArray<std::uint32_t>(edges);
  columns.targets = SharedArray<std::uint32_t>(edges);
  if (config.weight_from_file) columns.weights = SharedArray<double>(edges);
  if (config.delay_from_file) columns.delays = SharedArray<std::uint16_t>(edges);
  return columns;
}

}  // namespace

bool same_file(const EdgesConfig& a, const EdgesConfig& b) {
  return a.file == b.file && a.population == b.population && a.types == b.types;
}

EdgesRequest edges_request(const Config& config, const ProjectionConfig& projection) {
  const PopulationConfig &source = *config.find_population(projection.source),
                         &target = *config.find_population(projection.target);
  const auto nodes = [](const PopulationConfig& p) {
    return p.nodes ? EdgeNodes{p.nodes->size, nullptr, p.nodes->population} : EdgeNodes{p.size, nullptr, ""};
  };
  return {*projection.edges, nodes(source), nodes(target), config.dt, {0, target.size}};
}

EdgesPlan plan_edges(const EdgesRequests& requests) {
  const EdgesConfig& edges = requests.front().edges;
  const std::string text = guard::run(cannot_read(edges), [&] {
    const EdgesFile file(edges.file, edges.population);
    const auto ranges = find_edges_onto(file, requests);
    std::string out;
    append(out, file.size());
    append<std::uint64_t>(out, ranges.has_value());
    append<std::uint64_t>(out, ranges ? ranges->size() : 0);
    if (ranges)
      for (const EdgeRange range : *ranges) append(out, range);
    return out;
  });
  Taker taker(text);
  EdgesPlan plan;
  plan.edges = taker.take<std::uint64_t>();
  plan.indexed = taker.take<std::uint64_t>() != 0;
  plan.ranges.resize(taker.take<std::uint64_t>());
  for (EdgeRange& range : plan.ranges) range = taker.take<EdgeRange>();
  return plan;
}

std::vector<EdgeColumns> read_edges(const EdgesRequests& requests, const std::vector<EdgeRange>& ranges) {
  std::uint64_t most = 0;
  for (const EdgeRange range : ranges) most += range.count();
  std::vector<EdgeColumns> columns;
  for (const EdgesRequest& r : requests) columns.push_back(room_for(most, r.edges));
  const std::string text = guard::run(cannot_read(requests.front().edges), [&] {
    EdgesPass pass(requests);
    pass(ranges, [&](std::size_t k, const SelectedEdges& edges) {
      EdgeColumns& to = columns[k];
      append_to(to.sources, to.count, edges.sources);
      append_to(to.targets, to.count, edges.targets);
      append_to(to.weights, to.count, edges.weights);
      append_to(to.delays, to.count, edges.delays);
      to.count += edges.sources.size();
      to.onto_targets += edges.onto_targets;
    });
    std::string out;
    for (const EdgeColumns& c : columns) {
      append<std::uint64_t>(out, c.count);
      append(out, c.onto_targets);
    }
    return out;
  });
  Taker taker(text);
  for (EdgeColumns& c : columns) {
    c.count = taker.take<std::uint64_t>();
    c.onto_targets = taker.take<std::uint64_t>();
  }
  return columns;
}

std::vector<EdgesSummary> summarise_edges(const EdgesRequests& requests) {
  std::vector<EdgesSummary> sums(requests.size());
  const std::string text = guard::run(cannot_read(requests.front().edges), [&] {
    EdgesPass pass(requests);
    std::vector<std::optional<double>> weight(requests.size());
    pass({{0, pass.file().size()}}, [&](std::size_t k, const SelectedEdges& edges) {
      EdgesSummary& sum = sums[k];
      sum.edges += edges.sources.size();
      for (const std::uint16_t delay : edges.delays) {
        sum.min_delay = sum.min_delay == 0 ? delay : std::min(sum.min_delay, delay);
        sum.max_delay = std::max(sum.max_delay, delay);
      }
      for (const double w : edges.weights) {
        if (!weight[k]) weight[k] = w;
        sum.one_weight = sum.one_weight && w == *weight[k];
      }
    });
    std::string out;
    for (const EdgesSummary& sum : sums) append(out, sum);
    return out;
  });
  Taker taker(text);
  for (EdgesSummary& sum : sums) sum = taker.take<EdgesSummary>();
  return sums;
}

void check_edges_file(const EdgesRequest& request) {
  guard::run(cannot_read(request.edges), [&] {
    EdgesRequest nothing = request;
    nothing.targets = {};
    const EdgesRequests requests{nothing};
    const EdgesPass pass(requests);
    find_edges_onto(pass.file(), requests);
    return std::string();
  });
}

}  // namespace ranvier
