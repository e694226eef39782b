#pragma once
#include <vector>

#include "kernels/layout/layout.hpp"
#include "kernels/populations/population.hpp"
#include "kernels/projections/projection.hpp"
#include "kernels/projections/signals.hpp"

namespace ranvier {

/// A rank's network as the build hands it over, in host memory.
template <class Real>
struct RankNetwork {
  double dt = 0.1;  ///< ms
  Layout layout;
  std::vector<PopulationPlan> populations;  ///< in the order of layout.populations
  std::vector<SourceSlots> sources;         ///< ascending: the slots of each follow those of the one before
  std::vector<ProjectionPlan<Real>> projections;
  std::vector<SignalPlan> signals;  ///< the same on all ranks
  Step longest_signal_delay = 0;
};

}  // namespace ranvier
