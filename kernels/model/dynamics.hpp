#pragma once
#include <utility>

#include "kernels/model/integrators.hpp"
#include "kernels/model/model.hpp"

/// Neurons given by differential equations: the model says how its variables change, an integrator takes them over a step.
namespace ranvier {

/// A neuron that an integrator advances. In place of `step` it has
///   dynamics()                 the members of State that change continuously, V_m first
///   slopes(s, c, drive)        dx/dt of each, and its decay -d(dx/dt)/dx with the others held
///   fire(s, before, c)         the end of a step: whether the neuron spikes, and what that changes; `before` is the state at
///                              the start of the step, and s.V_m holds the jumps of delta receptors already
///   default_integrator         the one that a config gets without `integrator:`
///   exact(s, c, drive)         where that is `exact`: the solution at the end of the step
/// and `dt` in its Constants.
template <class M>
concept DynamicNeuron = HasStructs<M> && requires(typename M::State& s, const typename M::Constants& c) {
  M::dynamics();
  M::slopes(s, c, Drive<double>{}).rate[0];
  { M::fire(s, s, c) } -> std::same_as<bool>;
  { M::default_integrator } -> std::convertible_to<Integrator>;
  c.dt;
} &&(M::default_integrator != Integrator::exact ||
     requires(typename M::State & s, const typename M::Constants& c) { M::exact(s, c, Drive<double>{}); });

/// Model with a `step` made of its slopes and a method. A membrane that a gap in the equations has taken to infinity has
/// crossed every threshold: only what is not finite after the reset is reported.
template <template <class> class Model, template <class> class Method>
struct Integrated {
  template <class Real>
  struct Neuron : Model<Real> {
    using Base = Model<Real>;
    using Settings = Method<Real>;

    template <class D>
    RANVIER_INLINE static int step(typename Base::State& s, const typename Base::Constants& c, const D& drive,
                                   const Settings& method) {
      const auto before = s;
      method.template advance<Base>(s, c, drive);
      if constexpr (D::has_jump) s.V_m += drive.jump;
      const bool spike = Base::fire(s, before, c);
      const bool finite = s.V_m - s.V_m == Real(0);
      return finite ? (spike ? 1 : 0) : not_finite;
    }
  };
};

}  // namespace ranvier
