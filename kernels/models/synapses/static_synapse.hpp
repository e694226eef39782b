#pragma once
#include "core/catalogue/catalogue.hpp"
#include "kernels/projections/static_projection.hpp"

namespace ranvier {

/// Synapses that do not change.
template <class Exec, class Real>
struct StaticSynapse {
  static ModelInfo info() {
    ModelInfo m;
    m.name = "static";
    m.doc = "Passes every spike on with the weight and the delay of the synapse, which do not change";
    m.equations = {"a spike that the source emits at t adds the weight to the receptor at t + delay"};
    return m;
  }
  static std::unique_ptr<Projection<Exec, Real>> make(ProjectionPlan<Real> plan, const Machine<Exec, Real>& machine) {
    return std::make_unique<StaticProjection<Exec, Real>>(std::move(plan), machine);
  }
};

}  // namespace ranvier
