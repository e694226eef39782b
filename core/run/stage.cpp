#include "core/run/stage.hpp"

#include <Kokkos_Core.hpp>

namespace ranvier {

PhaseScope::PhaseScope(PhaseTimer& timer, Phase phase, const char* region) : scope_(timer, phase) {
  Kokkos::Profiling::pushRegion(region);
}
PhaseScope::~PhaseScope() { Kokkos::Profiling::popRegion(); }

void Stages::run(const Interval& interval) const {
  for (const Stage& stage : stages_) {
    const PhaseScope scope(timer_, stage.phase, stage.name);
    stage.act(interval);
  }
}

}  // namespace ranvier
