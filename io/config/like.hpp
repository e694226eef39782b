#pragma once
#include "io/config/context.hpp"

namespace ranvier {

/// Completes every population that says `like: other` with what the other has and it has not: keys, parameters,
/// initial states, receptors and their parameters. Chains are followed; circles and unknown names are errors.
/// The key `like` is gone afterwards, except where it could not be followed.
void expand_like(Context&, YamlNode& populations);

}  // namespace ranvier
