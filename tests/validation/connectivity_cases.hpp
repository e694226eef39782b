#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/connectivity/rules/rules.hpp"
#include "kernels/random/random.hpp"

namespace ranvier::test {

inline const RuleRegistry& rules() {
  static const RuleRegistry all = [] {
    RuleRegistry registry;
    add_rules(registry);
    return registry;
  }();
  return all;
}

/// A rule on two populations, or on one.
struct Connection {
  ModelReference rule;
  ProjectionEnds ends;
  std::string key = std::string("a>b:r#0");
  double wanted = 0.0;  ///< the degree or the total number
  bool autapses = true, multapses = true;

  Connection(std::string name, std::uint64_t source, std::uint64_t target)
      : rule{std::move(name)}, ends{source, target, false} {}

  Connection& p(double value) { return set("p", value); }
  Connection& number(std::uint64_t value) {
    wanted = static_cast<double>(value);
    return set(rule.model == "fixed_total_number" ? "N" : rule.model.substr(std::string("fixed_").size()), wanted);
  }
  Connection& one_population(bool autapses_allowed) {
    ends.same_population = true;
    return with_autapses(autapses_allowed);
  }
  Connection& with_autapses(bool value) { return autapses = value, set("autapses", value ? 1.0 : 0.0); }
  Connection& with_multapses(bool value) { return multapses = value, set("multapses", value ? 1.0 : 0.0); }

  std::unique_ptr<const Connector> connector(std::uint64_t seed = 1) const {
    return rules().connector(rule, ends, make_key(seed, Purpose::connectivity, key));
  }
  /// Neurons whose turn it is: targets, or sources for fixed_outdegree.
  std::uint64_t drawing() const { return connector()->by_source() ? ends.n_source : ends.n_target; }
  std::uint64_t drawn() const { return connector()->by_source() ? ends.n_target : ends.n_source; }

 private:
  Connection& set(const std::string& name, double value) {
    for (auto& [given, old] : rule.params)
      if (given == name) return old = value, *this;
    rule.params.emplace_back(name, value);
    return *this;
  }
};

using Partners = std::vector<std::vector<std::uint32_t>>;

inline void connect_range(const Connection& c, std::uint64_t seed, std::uint64_t first, std::uint64_t last,
                          Partners& out) {
  const PartnerSink sink = [&](std::uint64_t neuron, std::span<const std::uint32_t> partners) {
    if (neuron != out.size()) throw std::logic_error("neurons come out of order");
    out.emplace_back(partners.begin(), partners.end());
  };
  c.connector(seed)->connect(first, last, sink);
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
