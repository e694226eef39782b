#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/connectivity/rules.hpp"
#include "kernels/random/random.hpp"

namespace ranvier::test {

/// A rule on two populations, or on one.
struct Connection {
  ProjectionConfig config;
  std::uint64_t n_source = 0, n_target = 0;
  bool same = false;

  Connection(std::string rule, std::uint64_t source, std::uint64_t target) : n_source(source), n_target(target) {
    config.rule = std::move(rule);
    config.source = std::string("a");
    config.target = std::string("b");
    config.key = std::string("a>b:r#0");
  }
  Connection& p(double value) { return config.p = value, *this; }
  Connection& number(std::uint64_t value) { return config.number = value, *this; }
  Connection& one_population(bool autapses) { return same = true, config.autapses = autapses, *this; }
  Connection& multapses(bool value) { return config.multapses = value, *this; }

  ConnectRequest request(std::uint64_t seed) const {
    return {&config, n_source, n_target, same, make_key(seed, Purpose::connectivity, config.key)};
  }
  /// Neurons whose turn it is: targets, or sources for fixed_outdegree.
  std::uint64_t drawing() const { return is_source_side(config.rule) ? n_source : n_target; }
  std::uint64_t drawn() const { return is_source_side(config.rule) ? n_target : n_source; }
};

using Partners = std::vector<std::vector<std::uint32_t>>;

inline void connect_range(const Connection& c, std::uint64_t seed, std::uint64_t first, std::uint64_t last,
                          Partners& out) {
  const ConnectRequest request = c.request(seed);
  const PartnerSink sink = [&](std::uint64_t neuron, std::span<const std::uint32_t> partners) {
    if (neuron != out.size()) throw std::logic_error("neurons come out of order");
    out.emplace_back(partners.begin(), partners.end());
  };
  if (is_source_side(c.config.rule))
    connect_sources(request, first, last, sink);
  else
    connect_targets(request, first, last, sink);
}

inline Partners connect(const Connection& c, std::uint64_t seed = 1) {
  Partners out;
  connect_range(c, seed, 0, c.drawing(), out);
  return out;
}

inline std::uint64_t total(const Partners& partners) {
  std::uint64_t sum = 0;
  for (const auto& p : partners) sum += p.size();
  return sum;
}

/// How often each neuron of the other side was drawn.
inline std::vector<std::uint64_t> degrees_of_drawn(const Connection& c, const Partners& partners) {
  std::vector<std::uint64_t> degree(c.drawn(), 0);
  for (const auto& list : partners)
    for (const auto x : list) ++degree.at(x);
  return degree;
}

}  // namespace ranvier::test
