#pragma once
#include <cmath>
#include <vector>

#include "core/connectivity/rules/common.hpp"
#include "kernels/math/math.hpp"

namespace ranvier::connectivity {

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

struct PairwiseBernoulli {
  struct Parameters {
    double p;
    bool autapses;
    static constexpr auto fields() {
      return std::tuple{required(parameter(&Parameters::p, "p", unit::one, 0.0, range::probability,
                                           "probability that a pair is connected")),
                        autapses_field(&Parameters::autapses)};
    }
  };
  using Request = ConnectRequest<Parameters>;

  static ModelInfo info() { return rule_info("pairwise_bernoulli", "every pair with probability p, independently"); }

  static RuleProblem problem(const Request&) { return {}; }

  static double expected(const Request& r) {
    return r.parameters.p *
           (static_cast<double>(partners_of_one(r, r.ends.n_source)) * static_cast<double>(r.ends.n_target));
  }

  static double silent(const Request& r, double share) {
    return std::pow(1.0 - r.parameters.p, share * static_cast<double>(r.ends.n_target));
  }

  static void connect(const Request& r, std::uint64_t first, std::uint64_t last, const PartnerSink& sink) {
    const std::uint64_t n = r.parameters.p > 0.0 ? partners_of_one(r, r.ends.n_source) : 0;
    const bool shift = excludes_self(r);
    const GeometricSkips skips(r.key, r.parameters.p, n);
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
};

}  // namespace ranvier::connectivity
