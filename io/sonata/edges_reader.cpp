#include "io/sonata/edges_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>

#include "core/base/error.hpp"
#include "io/guard.hpp"
#include "io/sonata/edges_decoder.hpp"
#include "io/sonata/edges_index.hpp"

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
    if (sizeof value > text_.size() - at_) throw RuntimeError("a child process that reads a file broke off");
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

/// Calls `use` with the decoded edges of one piece after the other.
template <class Use>
void in_pieces(EdgesDecoder& decode, const std::vector<EdgeRange>& ranges, EdgeRange targets, Use use) {
  for (const EdgeRange range : ranges)
    for (std::uint64_t first = range.first, last = 0; first < range.last; first = last) {
      last = std::min(range.last, (first / piece_edges + 1) * piece_edges);  // where chunks often end too
      use(decode({first, last}, targets));
      guard::progress();
    }
}

template <class T>
void append_to(const SharedArray<T>& column, std::size_t at, const std::vector<T>& values) {
  if (!values.empty()) std::memcpy(column.data() + at, values.data(), values.size() * sizeof(T));
}

}  // namespace

EdgesRequest edges_request(const Config& config, const ProjectionConfig& projection) {
  const auto nodes = [&](const std::string& name) {
    const PopulationConfig& p = *config.find_population(name);
    return p.nodes ? EdgeNodes{p.nodes->size, nullptr, p.nodes->population} : EdgeNodes{p.size, nullptr, ""};
  };
  return {*projection.edges, nodes(projection.source), nodes(projection.target), config.dt};
}

EdgesPlan plan_edges(const EdgesRequest& request, EdgeRange targets) {
  const std::string text = guard::run(cannot_read(request.edges), [&] {
    const EdgesFile file(request.edges.file, request.edges.population);
    const auto ranges = find_edges_onto(file, request.target, targets);
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

EdgeColumns read_edges(const EdgesRequest& request, const std::vector<EdgeRange>& ranges, EdgeRange targets) {
  std::uint64_t most = 0;
  for (const EdgeRange range : ranges) most += range.count();
  EdgeColumns columns;
  columns.sources = SharedArray<std::uint32_t>(most);
  columns.targets = SharedArray<std::uint32_t>(most);
  if (request.edges.weight_from_file) columns.weights = SharedArray<double>(most);
  if (request.edges.delay_from_file) columns.delays = SharedArray<std::uint16_t>(most);
  const std::string text = guard::run(cannot_read(request.edges), [&] {
    EdgesDecoder decode(request);
    std::uint64_t count = 0, onto_targets = 0;
    in_pieces(decode, ranges, targets, [&](const DecodedEdges& edges) {
      append_to(columns.sources, count, edges.sources);
      append_to(columns.targets, count, edges.targets);
      append_to(columns.weights, count, edges.weights);
      append_to(columns.delays, count, edges.delays);
      count += edges.sources.size();
      onto_targets += edges.onto_targets;
    });
    std::string out;
    append(out, count);
    append(out, onto_targets);
    return out;
  });
  Taker taker(text);
  columns.count = taker.take<std::uint64_t>();
  columns.onto_targets = taker.take<std::uint64_t>();
  return columns;
}

EdgesSummary summarise_edges(const EdgesRequest& request) {
  const std::string text = guard::run(cannot_read(request.edges), [&] {
    EdgesDecoder decode(request);
    EdgesSummary sum;
    std::optional<double> weight;
    in_pieces(decode, {{0, decode.file().size()}}, {0, request.target.size()}, [&](const DecodedEdges& edges) {
      sum.edges += edges.sources.size();
      for (const std::uint16_t delay : edges.delays) {
        sum.min_delay = sum.min_delay == 0 ? delay : std::min(sum.min_delay, delay);
        sum.max_delay = std::max(sum.max_delay, delay);
      }
      for (const double w : edges.weights) {
        if (!weight) weight = w;
        sum.one_weight = sum.one_weight && w == *weight;
      }
    });
    std::string out;
    append(out, sum);
    return out;
  });
  return Taker(text).take<EdgesSummary>();
}

void check_edges_file(const EdgesRequest& request) {
  guard::run(cannot_read(request.edges), [&] {
    const EdgesDecoder decode(request);
    find_edges_onto(decode.file(), {}, {});
    return std::string();
  });
}

}  // namespace ranvier
