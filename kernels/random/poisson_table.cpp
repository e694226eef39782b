#include "kernels/random/poisson_table.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.hpp"

namespace ranvier {
namespace {

/// Terms below this share of the largest are left out: together far below 2^-32.
constexpr double negligible = 1e-20;

/// Probabilities over the largest one, for counts first, first + 1, ...; by the ratio mean / k of neighbours from the
/// mode outwards, which needs no logarithm and loses about one ulp per step.
struct RelativePmf {
  std::vector<double> weight;
  std::uint32_t first = 0;
};

RelativePmf relative_pmf(double mean) {
  RANVIER_EXPECT(mean > 0.0 && mean <= 1e6);
  const auto mode = static_cast<std::uint32_t>(mean);
  std::vector<double> down;
  double w = 1.0;
  for (std::uint32_t k = mode; k > 0; --k) {
    w *= k / mean;
    if (w < negligible) break;
    down.push_back(w);
  }
  RelativePmf pmf;
  pmf.first = mode - narrow<std::uint32_t>(down.size());
  pmf.weight.assign(down.rbegin(), down.rend());
  w = 1.0;
  for (std::uint32_t k = mode + 1; w >= negligible; ++k) {
    pmf.weight.push_back(w);
    w *= mean / k;
  }
  return pmf;
}

}  // namespace

PoissonThresholds::PoissonThresholds(double mean) {
  if (!(mean >= 0.0 && mean <= 1e6))
    throw RuntimeError("a Poisson mean of " + std::to_string(mean) +
                       " counts per step is not within 0 to 1e6 (rate times time step); check the rate's unit");
  if (mean == 0.0) return;
  const RelativePmf pmf = relative_pmf(mean);
  double sum = 0.0;
  for (double w : pmf.weight) sum += w;
  first_ = pmf.first;
  double cumulative = 0.0;
  for (double w : pmf.weight) {
    cumulative += w;
    const double threshold = std::floor(0x1p32 * (cumulative / sum) + 0.5);
    if (threshold >= 0x1p32) break;
    if (threshold == 0.0)
      ++first_;
    else
      thresholds_.push_back(static_cast<std::uint32_t>(threshold));
  }
  RANVIER_ENSURE(std::is_sorted(thresholds_.begin(), thresholds_.end()));
}

}  // namespace ranvier
