#pragma once
#include "core/base/value.hpp"

/// Tails of the distributions, to judge bounds before anything is drawn.
namespace ranvier {

/// Probability that one draw, before `min` and `max` are applied, is below (above) x; accurate in its own tail.
double probability_below(const Distribution&, double x);
double probability_above(const Distribution&, double x);

/// Share of the draws that `min` and `max` keep.
double kept_share(const Distribution&);

}  // namespace ranvier
