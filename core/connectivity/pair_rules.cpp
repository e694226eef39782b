#include <algorithm>
#include <numeric>

#include "core/connectivity/rule.hpp"
#include "kernels/math/math.hpp"

/// Rules that decide for each pair of neurons by itself: one_to_one, all_to_all, pairwise_bernoulli.
namespace ranvier::connectivity {
namespace {

std::string no_problem(const ConnectRequest&) { return {}; }

std::string unequal_sizes(const ConnectRequest& r) {
  if (r.n_source == r.n_target) return {};
  return "one_to_one needs populations of the same size, but '" + r.projection->source + "' has " +
         std::to_string(r.n_source) + " neurons and '" + r.projection->target + "' has " + std::to_string(r.n_target) +
         "; use another rule, or make the sizes equal";
}

void connect_one_to_one(const ConnectRequest& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
  const bool none = excludes_self(r);
  for (std::uint64_t target = first; target < last; ++target) {
    const auto source = static_cast<std::uint32_t>(target);
    sink(target, none ? std::span<const std::uint32_t>{} : std::span(&source, 1));
  }
}

/// Without autapses the list for target t is all sources but t; from t to t + 1 one entry changes.
void connect_all_to_all(const ConnectRequest& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
  if (first >= last) return;
  std::vector<std::uint32_t> sources(partners_of_one(r, r.n_source));
  std::iota(sources.begin(), sources.end(), 0u);
  if (excludes_self(r))
    for (std::uint64_t i = first; i < sources.size(); ++i) ++sources[i];
  for (std::uint64_t target = first; target < last; ++target) {
    sink(target, sources);
    if (excludes_self(r) && target < sources.size()) --sources[target];
  }
}

/// The gaps between the sources of one target are geometric: floor(log(u) / log(1 - p)). Gap k is words of
/// philox(key, target, k / 2); whole chunks of them at a time, so that the logarithms vectorise.
class GeometricSkips {
 public:
  GeometricSkips(Key key, double p, std::uint64_t n) : key_(key), limit_(static_cast<double>(n)) {
    const double u = 1.0 - p;  // log(1 - p) without cancellation for small p (Kahan)
    const double log_q = u == 1.0 ? -p : math::log(u) * p / (1.0 - u);
    inverse_ = 1.0 / log_q;
  }

  static constexpr std::uint32_t lanes = 16;

  /// Gaps of chunk c of a target, at most n each: beyond the last source nothing matters.
  void operator()(std::uint64_t target, std::uint64_t chunk, std::uint32_t (&gaps)[2 * lanes]) const {
    double even[lanes], odd[lanes];
#pragma omp simd
    for (std::uint32_t i = 0; i < lanes; ++i) {
      const Words w = philox(key_, target, chunk * lanes + i);
      even[i] = gap(uniform53(w.w[0], w.w[1]));
      odd[i] = gap(uniform53(w.w[2], w.w[3]));
    }
    for (std::uint32_t i = 0; i < lanes; ++i) {
      gaps[2 * i] = static_cast<std::uint32_t>(even[i]);
      gaps[2 * i + 1] = static_cast<std::uint32_t>(odd[i]);
    }
  }

 private:
  double gap(double u) const {
    const double g = math::log(u) * inverse_;
    return g < limit_ ? g : limit_;
  }

  Key key_;
  double limit_, inverse_;
};

void connect_bernoulli(const ConnectRequest& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
  const std::uint64_t n = r.projection->p > 0.0 ? partners_of_one(r, r.n_source) : 0;
  const bool shift = excludes_self(r);
  const GeometricSkips skips(r.key, r.projection->p, n);
  std::vector<std::uint32_t> sources;
  std::uint32_t gaps[2 * GeometricSkips::lanes];
  for (std::uint64_t target = first; target < last; ++target) {
    std::size_t count = 0;
    std::uint64_t next = 0;
    for (std::uint64_t chunk = 0; next < n; ++chunk) {
      if (sources.size() < count + std::size(gaps)) sources.resize(2 * count + std::size(gaps));
      skips(target, chunk, gaps);
      for (const std::uint32_t gap : gaps) {
        next += gap;
        // Written always and counted while within the population, which spares a branch per synapse.
        sources[count] = static_cast<std::uint32_t>(next + (shift && next >= target ? 1 : 0));
        count += next < n ? 1 : 0;
        ++next;
      }
    }
    sink(target, std::span(sources.data(), count));
  }
}

double all_pairs(const ConnectRequest& r) {
  return static_cast<double>(partners_of_one(r, r.n_source)) * static_cast<double>(r.n_target);
}

}  // namespace

Rule one_to_one_rule() {
  return {rule_info("one_to_one", "neuron i of the source to neuron i of the target", {autapses_field()}), false,
          unequal_sizes,
          [](const ConnectRequest& r) { return excludes_self(r) ? 0.0 : static_cast<double>(r.n_target); },
          connect_one_to_one};
}

Rule all_to_all_rule() {
  return {rule_info("all_to_all", "every neuron of the source to every neuron of the target", {autapses_field()}),
          false, no_problem, all_pairs, connect_all_to_all};
}

Rule pairwise_bernoulli_rule() {
  const FieldInfo p{.name = "p",
                    .unit = unit::one,
                    .default_value = 0.0,
                    .range = range::probability,
                    .role = Role::parameter,
                    .doc = "probability that a pair is connected",
                    .form = Form::constant,
                    .required = true};
  return {rule_info("pairwise_bernoulli", "every pair with probability p, independently", {p, autapses_field()}), false,
          no_problem, [](const ConnectRequest& r) { return r.projection->p * all_pairs(r); }, connect_bernoulli};
}

}  // namespace ranvier::connectivity
