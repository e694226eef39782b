#include "core/connectivity/discrete.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/math/math.hpp"

namespace ranvier::connectivity {
namespace {

constexpr double half_log_two_pi = 0.91893853320467274178;

/// log(n!) minus Stirling's formula: exactly from the product for small n, else the asymptotic series (error < 1e-17).
double stirling_error(double n) {
  static const auto small = [] {
    std::array<double, 16> e{};
    double factorial = 1.0;
    for (int i = 1; i < 16; ++i) {
      factorial *= i;  // 15! < 2^53: exact
      e[i] = math::log(factorial) - (i + 0.5) * math::log(static_cast<double>(i)) + i - half_log_two_pi;
    }
    return e;
  }();
  if (n < 16.0) return small[static_cast<std::size_t>(n)];
  const double s = 1.0 / (n * n);
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 * s) * s) * s) * s) / n;
}

/// x log(x / m) + m - x, without cancellation near x = m (Loader's bd0).
double deviance(double x, double m) {
  if (std::abs(x - m) >= 0.1 * (x + m)) return x * math::log(x / m) + m - x;
  const double v = (x - m) / (x + m);
  double sum = (x - m) * v, term = 2.0 * x * v;
  for (int j = 3;; j += 2) {
    term *= v * v;
    const double next = sum + term / j;
    if (next == sum) return sum;
    sum = next;
  }
}

/// log(1 + x) for |x| < 1 (Kahan).
double log1p(double x) {
  const double u = 1.0 + x;
  return u == 1.0 ? x : math::log(u) * x / (u - 1.0);
}

/// A distribution over the whole numbers min ... max, log-concave: its mode, log probability, and the ratio
/// P(k + 1) / P(k).
struct Binomial {
  double n, p, q;
  double min = 0.0, max = n;
  double mode = std::min(n, std::floor((n + 1.0) * p));
  double variance = n * p * q;
  double log_pmf(double k) const { return log_binomial_pmf(k, n, p, q); }
  double ratio(double k) const { return (n - k) * p / ((k + 1.0) * q); }
};

struct Hypergeometric {
  double total, marked, draws;
  double min = std::max(0.0, draws + marked - total), max = std::min(draws, marked);
  double mode = std::clamp(std::floor((draws + 1.0) * (marked + 1.0) / (total + 2.0)), min, max);
  double variance = draws * (marked / total) * (1.0 - marked / total) * (total - draws) / std::max(1.0, total - 1.0);
  double log_pmf(double k) const { return log_hypergeometric_pmf(k, total, marked, draws); }
  double ratio(double k) const { return (marked - k) * (draws - k) / ((k + 1.0) * (total - marked - draws + k + 1.0)); }
};

/// Inversion of one uniform number, outwards from the mode by the ratios: about two standard deviations of steps.
template <class Law>
double by_inversion(const Law& law, Stream& random) {
  double u = random.uniform();
  double up = law.mode, down = law.mode;
  double p_up = math::exp(law.log_pmf(law.mode)), p_down = p_up;
  u -= p_up;
  while (u > 0.0 && (p_up > 1e-30 || p_down > 1e-30)) {
    p_up = up < law.max ? p_up * law.ratio(up) : 0.0;
    if ((u -= p_up) <= 0.0 && p_up > 0.0) return up + 1.0;
    ++up;
    p_down = down > law.min ? p_down / law.ratio(down - 1.0) : 0.0;
    if ((u -= p_down) <= 0.0 && p_down > 0.0) return down - 1.0;
    --down;
  }
  return law.mode;
}

/// Rejection from a plateau with exponential tails, valid for every log-concave distribution on the whole numbers:
/// Devroye (1987) A simple generator for discrete log-concave distributions, Computing 39, 87-91. Under 5 tries.
template <class Law>
double by_rejection(const Law& law, Stream& random) {
  const double log_top = law.log_pmf(law.mode), top = math::exp(log_top);
  const double width = 1.0 + 0.5 * top;
  for (;;) {
    const double u = random.uniform(), v = random.uniform(), w = random.uniform();
    const bool left = random.next_word() & 1u;
    const bool plateau = u <= width / (1.0 + width);
    const double y = (plateau ? v * width : width - math::log(v)) / top;
    const double step = std::floor(y + 0.5);
    const double k = left ? law.mode - step : law.mode + step;
    if (k < law.min || k > law.max) continue;
    const double bound = std::min(0.0, width - top * y);
    if (math::log(w) + bound <= law.log_pmf(k) - log_top) return k;
  }
}

template <class Law>
std::uint64_t sample(const Law& law, Stream& random) {
  constexpr double steps_worth_rejection = 100.0;
  const bool narrow = law.variance < steps_worth_rejection * steps_worth_rejection;
  return static_cast<std::uint64_t>(narrow ? by_inversion(law, random) : by_rejection(law, random));
}

}  // namespace

double log_factorial(double n) {
  if (n < 2.0) return 0.0;
  return stirling_error(n) + (n + 0.5) * math::log(n) - n + half_log_two_pi;
}

double log_binomial_pmf(double k, double n, double p, double q) {
  if (k == 0.0) return p < q ? n * log1p(-p) : n * math::log(q);
  if (k == n) return q < p ? n * log1p(-q) : n * math::log(p);
  const double saddle =
      stirling_error(n) - stirling_error(k) - stirling_error(n - k) - deviance(k, n * p) - deviance(n - k, n * q);
  return saddle - half_log_two_pi - 0.5 * (math::log(k) + log1p(-k / n));
}

double log_hypergeometric_pmf(double k, double total, double marked, double draws) {
  const double rest = total - marked;
  const double p = draws / total, q = (total - draws) / total;
  if (q == 0.0) return 0.0;  // everything is taken
  return log_binomial_pmf(k, marked, p, q) + log_binomial_pmf(draws - k, rest, p, q) -
         log_binomial_pmf(draws, total, p, q);
}

std::uint64_t binomial(std::uint64_t n, std::uint64_t successes, std::uint64_t outcomes, Stream& random) {
  if (n == 0 || successes == 0) return 0;
  if (successes >= outcomes) return n;
  const double all = static_cast<double>(outcomes);
  const double p = static_cast<double>(successes) / all, q = static_cast<double>(outcomes - successes) / all;
  return sample(Binomial{static_cast<double>(n), p, q}, random);
}

std::uint64_t hypergeometric(std::uint64_t total, std::uint64_t marked, std::uint64_t draws, Stream& random) {
  if (draws == 0 || marked == 0) return 0;
  if (marked >= total) return draws;
  if (draws >= total) return marked;
  return sample(Hypergeometric{static_cast<double>(total), static_cast<double>(marked), static_cast<double>(draws)},
                random);
}

}  // namespace ranvier::connectivity
