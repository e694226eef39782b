#pragma once
#include <cstdint>

#include "kernels/random/random.hpp"

/// Exact samplers of binomial and hypergeometric counts, for any size, with our own logarithm, so that every machine
/// draws the same. Probabilities are Loader's saddle-point form, which loses no digits where log-gamma would:
/// Loader (2000) Fast and accurate computation of binomial probabilities.
namespace ranvier::connectivity {

/// log(n!) for n >= 0, relative error about 1e-15.
double log_factorial(double n);

/// log P(k) of the binomial distribution of n trials with probability p, q = 1 - p; 0 < p < 1, 0 <= k <= n.
double log_binomial_pmf(double k, double n, double p, double q);

/// log P(k) when `draws` of `total` items are taken, `marked` of which are marked.
double log_hypergeometric_pmf(double k, double total, double marked, double draws);

/// Successes in n trials with probability successes / outcomes.
std::uint64_t binomial(std::uint64_t n, std::uint64_t successes, std::uint64_t outcomes, Stream& random);

/// Marked items among `draws` taken without putting back from `total` items, `marked` of them marked.
std::uint64_t hypergeometric(std::uint64_t total, std::uint64_t marked, std::uint64_t draws, Stream& random);

}  // namespace ranvier::connectivity
