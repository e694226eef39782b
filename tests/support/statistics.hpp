#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

/// Goodness of fit for tests of random draws. Draws are keyed, so a test with fixed seeds always gives the same p;
/// tests ask for p above 1e-4, which a correct sampler misses once in 10,000 choices of seeds.
namespace ranvier::test {

inline constexpr double least_p = 1e-4;

/// Upper regularized incomplete gamma function Q(a, x): series below a + 1, Lentz's continued fraction above.
inline double gamma_q(double a, double x) {
  if (x <= 0.0) return 1.0;
  const double scale = std::exp(a * std::log(x) - x - std::lgamma(a));
  if (x < a + 1.0) {
    double term = 1.0 / a, sum = term;
    for (double n = a + 1.0; term > 1e-16 * sum; n += 1.0) sum += term *= x / n;
    return 1.0 - scale * sum;
  }
  double b = x + 1.0 - a, c = 1e300, d = 1.0 / b, h = d;
  for (int i = 1; i < 100000; ++i) {
    const double an = -i * (i - a);
    b += 2.0;
    d = 1.0 / (an * d + b);
    c = b + an / c;
    h *= d * c;
    if (std::abs(d * c - 1.0) < 1e-15) break;
  }
  return scale * h;
}

/// p of Pearson's chi-square test; classes with an expected count below 8 are joined with their neighbours.
inline double chi_square_p(const std::vector<double>& observed, const std::vector<double>& expected) {
  std::vector<std::pair<double, double>> classes;
  double o = 0.0, e = 0.0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    o += observed[i];
    e += expected[i];
    if (e >= 8.0) {
      classes.emplace_back(o, e);
      o = e = 0.0;
    }
  }
  if (classes.empty()) return 0.0;
  classes.back().first += o;
  classes.back().second += e;
  double x = 0.0;
  for (const auto& [seen, mean] : classes) x += (seen - mean) * (seen - mean) / mean;
  return classes.size() < 2 ? 1.0 : gamma_q(0.5 * (static_cast<double>(classes.size()) - 1.0), 0.5 * x);
}

/// p of the Kolmogorov-Smirnov test against a continuous distribution function (Stephens' correction for finite n).
inline double kolmogorov_p(std::vector<double> sample, const std::function<double(double)>& cdf) {
  std::sort(sample.begin(), sample.end());
  const double n = static_cast<double>(sample.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double f = cdf(sample[i]), k = static_cast<double>(i);
    distance = std::max({distance, f - k / n, (k + 1.0) / n - f});
  }
  const double t = distance * (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n));
  double p = 0.0;
  for (int k = 1; k <= 100; ++k) p += (k & 1 ? 2.0 : -2.0) * std::exp(-2.0 * k * k * t * t);
  return t < 0.2 ? 1.0 : std::clamp(p, 0.0, 1.0);
}

inline double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

}  // namespace ranvier::test
